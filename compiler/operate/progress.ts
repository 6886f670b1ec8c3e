/** What the user sees of long work: one live line on a terminal, plain lines elsewhere. */
import pc from 'picocolors';

export interface Progress {
  /** Begins the next stage. The one before must be over. */
  stage(title: string): Stage;
  line(text: string): void;
  /** Marks the running stage, if any, as failed. */
  fail(): void;
  /** Prints this line, and from now on only such lines: the work that goes on to its end has nothing to say. */
  interrupted(text: string): void;
  colors: ReturnType<typeof pc.createColors>;
}

export interface Stage {
  note(text: string): void;
  done(detail?: string): void;
}

export interface Terminal {
  isTerminal: boolean;
  color: boolean;
  out(text: string): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const TITLE_WIDTH = 34;
const CLEAR = '\r\u001b[2K';

export function createProgress(terminal: Terminal, columns = process.stdout.columns ?? 100): Progress {
  const colors = pc.createColors(terminal.color);
  let isSilent = false;
  let running: { title: string; begun: number; detail: string; timer: NodeJS.Timeout | null } | null = null;
  const print = (text: string) => void (isSilent || terminal.out(text));
  const elapsed = () => seconds(Date.now() - (running?.begun ?? 0));

  function draw(): void {
    if (!running) return;
    const frame = FRAMES[Math.floor(Date.now() / 80) % FRAMES.length];
    const text = `${running.title.padEnd(TITLE_WIDTH)} ${elapsed().padStart(7)}  ${running.detail}`.slice(
      0,
      columns - 4,
    );
    print(`${CLEAR}${colors.cyan(frame ?? '')} ${text}`);
  }

  function finish(mark: string, detail: string): void {
    if (!running) return;
    if (running.timer) clearInterval(running.timer);
    const clear = terminal.isTerminal ? CLEAR : '';
    const line = `${mark} ${running.title.padEnd(TITLE_WIDTH)} ${colors.dim(elapsed().padStart(7))}`;
    print(`${clear}${line}${detail && `  ${detail}`}\n`);
    running = null;
  }

  function stage(title: string): Stage {
    running = { title, begun: Date.now(), detail: '', timer: terminal.isTerminal ? setInterval(draw, 100) : null };
    running.timer?.unref();
    if (!terminal.isTerminal) print(`· ${title}\n`);
    return { note, done: (detail = '') => finish(colors.green('✓'), detail) };
  }

  function note(text: string): void {
    if (!running || text === running.detail) return;
    running.detail = text;
    if (terminal.isTerminal) draw();
    else print(`    ${elapsed().padStart(6)}  ${text}\n`);
  }

  return {
    stage,
    colors,
    line: (text) => print(`${text}\n`),
    fail: () => finish(colors.red('✗'), ''),
    interrupted: (text) => {
      if (running?.timer) clearInterval(running.timer);
      isSilent = true;
      terminal.out(`${terminal.isTerminal ? CLEAR : ''}${text}\n`);
    },
  };
}

export function seconds(milliseconds: number): string {
  return milliseconds < 60_000
    ? `${(milliseconds / 1000).toFixed(1)} s`
    : `${Math.floor(milliseconds / 60_000)} min ${Math.floor((milliseconds % 60_000) / 1000)} s`;
}

/** Runs `work` as a stage; marks the stage when it fails, and lets the failure go on. */
export async function inStage<T>(
  progress: Progress,
  title: string,
  work: (note: (text: string) => void) => Promise<T>,
  describe: (result: T) => string = () => '',
): Promise<T> {
  const stage = progress.stage(title);
  try {
    const result = await work(stage.note);
    stage.done(describe(result));
    return result;
  } catch (error) {
    progress.fail();
    throw error;
  }
}
