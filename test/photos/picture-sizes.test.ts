import { chooseSizes } from '../../src/photos/picture-sizes';

describe('The sizes asked of Graph', () => {
  it.each([
    { width: 648, height: 648, then: [48, 96, 360] },
    { width: 504, height: 504, then: [48, 96, 360] },
    { width: 432, height: 432, then: [48, 96, 360] },
    { width: 360, height: 360, then: [48, 96, 360] },
    { width: 240, height: 240, then: [48, 96, 240] },
    { width: 120, height: 120, then: [48, 96, 120] },
    { width: 96, height: 96, then: [48, 96, 96] },
    { width: 64, height: 64, then: [48, 64, 64] },
    { width: 48, height: 48, then: [48, 48, 48] },
    { width: 648, height: 647, then: ['original', 'original', 'original'] },
    { width: 200, height: 200, then: ['original', 'original', 'original'] },
    { width: 1024, height: 1024, then: ['original', 'original', 'original'] },
    { width: 32, height: 32, then: ['original', 'original', 'original'] },
    { width: 300, height: 400, then: ['original', 'original', 'original'] },
    { width: 48, height: 648, then: ['original', 'original', 'original'] },
    { width: 0, height: 0, then: ['original', 'original', 'original'] },
    { width: -48, height: -48, then: ['original', 'original', 'original'] },
    { width: Number.NaN, height: Number.NaN, then: ['original', 'original', 'original'] },
  ])('of a photo of $width x $height are $then', ({ width, height, then: [S, M, L] }) => {
    expect(chooseSizes(width, height)).toEqual({ S, M, L });
  });
});
