"""Everything that runs the warehouse: settings, storage, publication, CLI, Dagster."""
