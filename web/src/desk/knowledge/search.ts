import type { AnswerLine, FactLine } from '../wireKnowledge';

export type Only = 'all' | 'overdue' | 'unverified' | 'coming';

/** Every word of the search must stand somewhere. */
function holds(search: string, ...texts: readonly string[]): boolean {
  const all = texts.join('\n').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

export function factsFound(facts: readonly FactLine[], search: string, only: Only): FactLine[] {
  const wanted: Record<Only, (fact: FactLine) => boolean> = {
    all: () => true,
    overdue: (fact) => fact.is_overdue,
    unverified: (fact) => fact.status === 'U',
    coming: (fact) => fact.coming !== null,
  };
  return facts.filter((fact) => wanted[only](fact) && holds(search, fact.title, fact.key, fact.value, fact.source, fact.region));
}

export function answersFound(answers: readonly AnswerLine[], search: string, topic: string | null, only: Only): AnswerLine[] {
  return answers.filter(
    (answer) =>
      (topic === null || answer.topic === topic) &&
      (only !== 'overdue' || answer.is_overdue) &&
      holds(search, answer.title, answer.name, answer.short, ...answer.questions),
  );
}
