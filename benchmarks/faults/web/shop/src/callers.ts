/** The ways by which a visit comes about. */
type Visit = () => unknown;

//+ /** Visits that started and did not end. */
//+ let open = 0;
//+
//+ export function openVisits(): number {
//+   return open;
//+ }
//+
function whenLoaded(visit: Visit): void {
  visit();
}

function byTimer(visit: Visit): void {
  setTimeout(function tick() {
    visit();
  }, 1);
}

async function afterLogin(visit: Visit): Promise<void> {
  await Promise.resolve('logged in');
  await visit();
}

function deeplyNested(visit: Visit): void {
  const steps = ['welcome', 'choose', 'pay'];
  steps.slice(0, 1).forEach((step) => {
    const screen = {
      step,
      enter(): void {
        visit();
      },
    };
    screen.enter();
  });
}

function byEvent(visit: Visit): void {
  const target = new EventTarget();
  target.addEventListener('visit', () => void visit());
  target.dispatchEvent(new Event('visit'));
}

export const CALLERS: Readonly<Record<string, (visit: Visit) => unknown>> = {
  load: whenLoaded,
  timer: byTimer,
  login: afterLogin,
  nested: deeplyNested,
  event: byEvent,
};
