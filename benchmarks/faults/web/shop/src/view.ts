import type { Visitor } from './orders.ts';

function element(tag: string, parent: Element = document.body): HTMLElement {
  return parent.appendChild(document.createElement(tag));
}

//+ /** Dark at night, unless the visitor said otherwise. */
//+ export function theme(hour: number, wish?: string): string {
//+   return wish ?? (hour < 6 ? 'dark' : 'light');
//+ }
//+
export function showTotal(visitor: Visitor): void {
  const field = document.querySelector(`#total-${visitor.sku.length}`) as Element;
  field.textContent = visitor.amount;
}

export function nest(visitor: Visitor): void {
  const outer = element('section');
  outer.title = visitor.name;
  const inner = element('p', outer);
  inner.appendChild(outer);
}

export function mark(visitor: Visitor): void {
  for (const found of document.querySelectorAll(`li[[${visitor.sku.length}`)) found.remove();
}

export function tagged(visitor: Visitor): void {
  const item = element('li');
  item.setAttribute(`${visitor.sku.length} sku`, visitor.sku);
}

export function removeTwice(visitor: Visitor): void {
  const item = element('li');
  item.title = visitor.sku;
  const list = element('ul');
  list.removeChild(item);
}

export function bindOrder(visitor: Visitor): void {
  const button = element('button');
  button.addEventListener('click', (event) => {
    const chosen = (event as unknown as { detail: { row?: { sku: string } } }).detail.row as { sku: string };
    button.title = chosen.sku + visitor.name;
  });
  button.click();
}

class Slider {
  readonly #steps: number[] | undefined;

  constructor(visitor: Visitor) {
    if (visitor.name === '') this.#steps = [1];
  }

  handleEvent(event: Event): void {
    if (event.type === 'input') this.#move(2);
  }

  #move(by: number): void {
    const steps = (this.#steps as number[]).map((step) => step + by);
    document.title = steps.join();
  }
}

export function slide(visitor: Visitor): void {
  const input = element('input');
  input.addEventListener('input', new Slider(visitor));
  input.dispatchEvent(new Event('input'));
}

export function definePrice(visitor: Visitor): void {
  class PriceTag extends HTMLElement {
    connectedCallback(): void {
      const amount = this.getAttribute('amount') as string;
      this.textContent = amount.trim() + visitor.amount;
    }
  }
  customElements.define('price-tag', PriceTag);
  element('price-tag');
}

export function observe(visitor: Visitor): void {
  const list = element('ul');
  const observer = new MutationObserver((records) => {
    const added = records[0]?.addedNodes[7] as HTMLElement;
    added.title = visitor.name;
  });
  observer.observe(list, { childList: true });
  element('li', list);
}

export function elsewhere(visitor: Visitor): void {
  history.pushState({ name: visitor.name }, '', `https://elsewhere.example/${visitor.sku.length}`);
}

export function remembered(visitor: Visitor): string {
  localStorage.setItem('visitor', `{name: ${visitor.name}}`);
  const kept = JSON.parse(localStorage.getItem('visitor') as string) as Visitor;
  return kept.name;
}

export function decoded(visitor: Visitor): string {
  return atob(`${visitor.voucher}*`);
}
