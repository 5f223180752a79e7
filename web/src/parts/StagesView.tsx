import { Card } from '../chatui';
import { zh } from '../locales/zh';
import type { Stage, StagesPart } from '../wire';
import { Notes } from './FigureCard';
import { PlainText } from './PlainText';

/** Where an application stands, as a line of stations. */
export function StagesView({ part }: { part: StagesPart }) {
  return (
    <Card className="fx-card">
      <h2 className="fx-card-title">{part.title}</h2>
      <ol className="fx-stages" data-testid="stages">
        {part.stages.map((stage, index) => (
          <Station key={index} stage={stage} number={index + 1} />
        ))}
      </ol>
      <Notes notes={part.notes} />
    </Card>
  );
}

function Station({ stage, number }: { stage: Stage; number: number }) {
  const sign = { done: '✓', current: String(number), ahead: String(number), stopped: '✕' }[stage.state];
  return (
    <li className={`fx-stage fx-stage-${stage.state}`} aria-current={stage.state === 'current' ? 'step' : undefined}>
      <span className="fx-stage-dot" aria-hidden="true">
        {sign}
      </span>
      <div className="fx-stage-body">
        <p className="fx-stage-name">
          {stage.name}
          <span className="fx-stage-state">{zh.Stages.state[stage.state]}</span>
        </p>
        {stage.note ? (
          <p className="fx-stage-note">
            <PlainText text={stage.note} />
          </p>
        ) : null}
      </div>
    </li>
  );
}
