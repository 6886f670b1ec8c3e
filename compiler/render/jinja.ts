/** A Jinja template that renders to `text`: Airflow renders an operator's commands and environment. */
export function jinjaLiteral(text: string): string {
  return text.replace(/\{|\n$/g, (found) => (found === '{' ? `{{ '{' }}` : `{{ '\\n' }}`));
}
