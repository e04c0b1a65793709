import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ControlClient } from '../control/index.ts';
import { successSchema } from '../openapi/responses.ts';
import { parseJson } from '../util/json.ts';
import { Act, Choice, useSession } from './parts.tsx';

type Violation = Awaited<ReturnType<ControlClient['checkAnswer']>>['violations'][number];

/** Milliseconds without a key press before a text is checked. */
const rest = 250;

/** The answer of a clinic to an operation, to change it. */
export function AnswerEditor(): JSX.Element {
  const { operations, document: api, clinics, control } = useSession();
  const answering = operations.filter(
    (operation) => api && !operation.issuesTokens && successSchema(api, operation, operation.usualStatus),
  );
  const [clinic = clinics[0]?.clinic ?? '', chooseClinic] = useState<string>();
  const [operationId = answering[0]?.id ?? '', chooseOperation] = useState<string>();
  const [text, write] = useState('');
  const [violations, find] = useState<readonly Violation[]>([]);
  const [unchecked, serveUnchecked] = useState(false);
  const [additive, add] = useState(false);
  const body = parseJson(text);
  const path = { clinic, operationId };

  const read = async (): Promise<void> => {
    if (clinic === '' || operationId === '') return;
    const answer = await control.readAnswer({ path });
    write(answer.body === undefined ? '' : JSON.stringify(answer.body, null, 2));
  };
  useEffect(() => void read().catch(() => write('')), [control, clinic, operationId]);
  useEffect(() => {
    if (body === undefined) return undefined;
    const timer = setTimeout(() => {
      control.checkAnswer({ path, body: { body } }).then(
        (answer) => find(answer.violations),
        () => {},
      );
    }, rest);
    return () => clearTimeout(timer);
  }, [control, text, operationId]);

  const isBroken = text !== '' && body === undefined;
  const isWrong = isBroken || (violations.length > 0 && !unchecked);
  return (
    <section aria-labelledby="answers" class="panel">
      <h2 id="answers">Answers</h2>
      <div class="bar flat">
        <Choice
          label="Clinic of the answer"
          value={clinic}
          values={clinics.map((each) => each.clinic)}
          change={chooseClinic}
        />
        <Choice
          label="Operation of the answer"
          value={operationId}
          values={answering.map(({ id }) => id)}
          change={chooseOperation}
        />
      </div>
      <textarea
        aria-label="Answer as JSON"
        aria-invalid={isWrong}
        rows={12}
        spellcheck={false}
        placeholder="It is that of the specification, or depends on the request."
        value={text}
        onInput={({ currentTarget }) => write(currentTarget.value)}
      />
      <div role="status">
        {isBroken && <p class="worse small">This is not JSON.</p>}
        {!isBroken && body !== undefined && violations.length === 0 && (
          <p class="good small">It conforms to the specification.</p>
        )}
        {!isBroken && violations.length > 0 && (
          <ul class="violations data">
            {violations.slice(0, 20).map(({ path: at, expected, found }) => (
              <li key={`${at} ${expected}`}>
                {at}: expected {expected}, found {found}
              </li>
            ))}
          </ul>
        )}
      </div>
      <p class="bar flat">
        <Act
          tone="main"
          disabled={body === undefined || isWrong}
          call={(to) =>
            to.replaceAnswer({ path, body: { body, ...(unchecked && { unchecked }), ...(additive && { additive }) } })
          }
        >
          Replace
        </Act>
        <Act call={(to) => to.restoreAnswer({ path })} done={() => void read()}>
          restore
        </Act>
        <label>
          <input type="checkbox" checked={unchecked} onChange={() => serveUnchecked(!unchecked)} />
          serve violations too
        </label>
        <label>
          <input type="checkbox" checked={additive} onChange={() => add(!additive)} />
          add unknown fields
        </label>
      </p>
    </section>
  );
}
