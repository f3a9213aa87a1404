const FIRST = `
  Ada Aino Alma Amir Anna Arvid Astrid Bela Bruno Carla Cem Clara Dalia Daniel Edda Elias Elina
  Emil Esra Ewa Farid Fiona Freya Gita Greta Hana Henrik Ida Ilse Imran Ines Ivo Jana Jonas Jula
  Kaja Karim Lara Lea Leon Lina Luca Maja Marek Mila Nils Noor Olga Omar Paula Petra Ravi Rosa
  Samir Selma Sven Tilda Timo Vera Yuna`
  .trim()
  .split(/\s+/);

const LAST = `
  Abel Adler Ahlers Amsel Auer Bachmann Berg Birk Blom Brandt Bruhn Castell Dahl Dorn Eckert
  Eichen Engel Falk Feld Fink Forsell Frost Gerber Glas Grau Hagen Halm Hartung Heller Holm Ibsen
  Jansen Jung Kaiser Kern Klee Kolb Krone Lang Larsen Linden Lorenz Lund Marlow Maurer Meer Moser
  Nadel Nord Ohlsen Okafor Pohl Quint Rapp Reiter Riedel Rosen Sander Sarin Seidel Sommer Stark
  Steen Strand Tanaka Thal Torres Uhl Valentin Vogt Wagner Wald Weber Wendt Winter Wolf Yilmaz
  Zander Zeller Zorn`
  .trim()
  .split(/\s+/);

const JOBS = `
  Account manager, Analyst, Apprentice, Buyer, Controller, Designer, Engineer, Facility manager,
  HR partner, Lawyer, Logistics planner, Marketing manager, Nurse, Office assistant,
  Product owner, Project lead, Quality manager, Sales lead, Trainer, Translator`
  .trim()
  .split(/,\s+/);

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

export interface Name {
  first: string;
  last: string;
}

/** Invented people. The first 4,800 numbers give different names. */
export function nameOf(number: number): Name {
  return { first: pick(FIRST, number), last: pick(LAST, number * 7 + Math.floor(number / FIRST.length)) };
}

export function jobOf(number: number): string {
  return pick(JOBS, number * 3 + 1);
}

/** Lower case, nothing but a-z: what a mail address is made of. */
export function addressPart(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
