"""The agents of the helpdesk: groups, shifts, languages, and the bot.

Holds their draw and who of a group takes what at which hour. Does not hold what they
do (`lifecycle.py`). Tests: tests/ingestion/sandbox/test_staff.py
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ingestion.sandbox.world import names
from ingestion.sandbox.world.people import ENGLISH, LANGUAGES
from ingestion.sandbox.world.timeline import HOUR, Array, Ints

# First and last full hour of work by shift, in UTC.
SHIFTS = np.array([[6, 14], [8, 17], [11, 20]])
_SHARES = (0.3, 0.4, 0.3)
# How many agents speak a language besides English.
_SPEAKERS = 0.35


@dataclass(frozen=True)
class Staff:
    """Agents in contiguous blocks per group; agent i is user 1 + i, user 0 the admin.

    The last agent is the bot, which belongs to no group.

    Attributes:
        first: First agent of each group, and the bot.
        pace: Factor on each agent's reply times.
        shift: Place of each agent's hours in `SHIFTS`.
        speaks: A row per language: who speaks it.
    """

    first: Array
    pace: Array
    shift: Array
    speaks: Array

    @property
    def agents(self) -> int:
        """Number of agents, the bot included."""
        return len(self.pace)

    @property
    def bot(self) -> int:
        """The agent that is a machine."""
        return len(self.pace) - 1

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.first) - 1

    @property
    def is_pilot(self) -> Array:
        """Which groups got the new process; the others are compared with them."""
        return np.arange(self.groups) % 2 == 0

    def group_of(self, agent: Array) -> Array:
        """Give the group of each agent, -1 for nobody; the bot's is the first."""
        group = np.searchsorted(self.first, agent, side="right") - 1
        return np.where(group == self.groups, 0, group)

    def pick(self, rng: np.random.Generator, group: Array) -> Array:
        """Draw an agent of each given group."""
        low, high = self.first[group], self.first[group + 1]
        return low + (rng.random(len(group)) * (high - low)).astype(np.int64)

    def suited(self, agent: Array, language: Array, when: Array) -> Array:
        """Give the next of each agent's group who speaks the language and is at work.

        Where there is none, one who speaks it; where there is none, the agent.
        """
        return self._next[language, when // HOUR % 24, agent]

    def neighbour(self, agent: Array, group: Array) -> Array:
        """Give the next agent of the same group."""
        low, high = self.first[group], self.first[group + 1]
        return low + (agent - low + 1) % (high - low)

    def hours(self, agent: Array) -> tuple[Ints, Ints]:
        """Give first and last second of the day at which agents work."""
        opens, closes = SHIFTS[self.shift[agent]].T * HOUR
        return opens, closes

    @cached_property
    def _next(self) -> Array:
        """Who takes over, by language, hour and agent."""
        hours = np.arange(24)[:, None]
        opens, closes = SHIFTS[self.shift].T
        on_shift = (hours >= opens) & (hours < closes)
        found = np.empty((len(LANGUAGES), 24, self.agents), dtype=np.int32)
        for language, speaks in enumerate(self.speaks):
            able = self._following(speaks, np.arange(self.agents))
            for hour in range(24):
                found[language, hour] = self._following(speaks & on_shift[hour], able)
        return found

    def _following(self, wanted: Array, otherwise: Array) -> Array:
        """Give the next wanted agent of each agent's group, round and round."""
        everyone = np.arange(self.agents)
        places = np.append(np.flatnonzero(wanted), self.agents)
        group = np.searchsorted(self.first, everyone, side="right") - 1
        bounds = np.append(self.first, self.agents)
        low, high = bounds[group], bounds[group + 1]
        ahead = places[np.searchsorted(places, everyone)]
        again = places[np.searchsorted(places, low)]
        chosen = np.where(ahead < high, ahead, again)
        return np.where(chosen < high, chosen, otherwise)


def draw_staff(rng: np.random.Generator, customers: int) -> Staff:
    """Draw about one agent per 150 customers, at least four, in two to six groups."""
    agents = max(4, round(customers / 150))
    groups = min(max(agents // 3, 2), len(names.GROUPS))
    first = np.linspace(0, agents, groups + 1).astype(np.int64)
    pace = np.exp(rng.normal(0.0, 0.3, agents))
    speaks = rng.random((len(LANGUAGES), agents + 1)) < _SPEAKERS
    speaks[ENGLISH] = True
    return Staff(
        first=first,
        pace=np.append(pace, 1.0),
        shift=np.append(rng.choice(len(_SHARES), agents, p=_SHARES), 1),
        speaks=speaks,
    )
