import { createHash } from 'node:crypto';
import sharp from 'sharp';

/** So many different faces exist, however many people there are: drawing is what costs. */
export const FACES = 160;

/** What everybody has who never chose a picture. */
export const LOGO = 'logo';

const BACKGROUNDS = [
  '#b6e3f4',
  '#c0aede',
  '#d1d4f9',
  '#ffd5dc',
  '#ffdfbf',
  '#c7e9c0',
  '#fff3b0',
  '#a8dadc',
  '#f4c095',
  '#e5b3fe',
];

const LOGO_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><rect width="100" height="100" fill="#1b4965"/>
<circle cx="50" cy="50" r="34" fill="none" stroke="#fff" stroke-width="9" stroke-dasharray="160 54" transform="rotate(40 50 50)"/></svg>`;

/** The drawing that a seed stands for: any words give one of the faces. */
export function drawingOf(seed: string): string {
  if (seed === LOGO) return LOGO;
  const number = /^face-(\d+)$/.exec(seed)?.[1];
  const index =
    number === undefined ? createHash('sha256').update(seed).digest().readUInt32BE(0) : Number(number);
  return `face-${String(index % FACES)}`;
}

async function faceSvg(drawing: string): Promise<string> {
  const [{ createAvatar }, notionists] = await Promise.all([
    import('@dicebear/core'),
    import('@dicebear/notionists'),
  ]);
  return createAvatar(notionists, {
    seed: drawing,
    scale: 130,
    translateY: 8,
    gestureProbability: 0,
  }).toString();
}

/** Draws a square JPEG. Same drawing and side, same bytes. */
export async function draw(drawing: string, side: number): Promise<Buffer> {
  const index = Number(drawing.replace(/\D/g, ''));
  const svg = drawing === LOGO ? LOGO_SVG : await faceSvg(drawing);
  return sharp(Buffer.from(svg))
    .resize(side, side)
    .flatten({ background: BACKGROUNDS[index % BACKGROUNDS.length] ?? '#ffffff' })
    .jpeg({ quality: 85 })
    .toBuffer();
}
