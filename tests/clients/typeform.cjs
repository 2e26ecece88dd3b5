// Calls one method of Typeform's client; its settings come by standard input, the
// answer goes to standard output, both as JSON.
const settings = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const { createClient } = require(settings.library);

const { token, apiBaseUrl, method, arguments: given } = settings;
const client = createClient({ token, apiBaseUrl });
const [group, name] = method.split('.');

client[group][name](given).then(
  (answer) => process.stdout.write(JSON.stringify(answer)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
