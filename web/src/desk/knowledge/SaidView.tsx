import { deskKnowledge } from '../../locales/deskKnowledge';
import { ReplyPartView } from '../../parts/ReplyPartView';
import type { Said } from '../wireKnowledge';

const words = deskKnowledge.Knowledge;

/** An answer as the customer gets it in the web chat, and the facts that it rests on. */
export function SaidView({ said }: { said: Said }) {
  return (
    <>
      <div className="fx-message fx-from-bot desk-said-bubble">
        {said.parts.map((part, index) => <ReplyPartView key={index} part={part} isPast />)}
      </div>
      {said.english ? (
        <>
          <h4>{words.english}</h4>
          <p className="desk-soft" lang="en">{said.english}</p>
        </>
      ) : null}
      {said.facts.length > 0 ? (
        <>
          <h4>{words.rests}</h4>
          <ul className="desk-plain desk-values">
            {said.facts.map((fact, index) => <li key={`${fact.key} ${index}`}><b>{fact.value}</b><span>{fact.title}</span></li>)}
          </ul>
        </>
      ) : null}
    </>
  );
}
