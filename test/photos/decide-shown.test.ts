import { decideShown } from '../../src/photos/decide-shown';
import { alex, bea } from '../support/ids';

const mySiteUrl = 'https://contoso-my.sharepoint.com';
const euUrl = 'https://contosoeur-my.sharepoint.com';
const geos = [{ mySiteUrl }, { mySiteUrl: euUrl }];
const us = { by: 'us', mySiteUrl, folder: 'Profilbilder' };

describe('A PictureURL', () => {
  it.each([
    { given: `${mySiteUrl}/User%20Photos/Profilbilder/m365-${alex}_MThumb.jpg`, then: us },
    {
      given: `${mySiteUrl}:443/User Photos/Profilbilder/M365-${alex.toUpperCase()}_MTHUMB.JPG?t=63`,
      then: us,
    },
    {
      given: `${euUrl}/User%20Photos/Profile%20Pictures/m365-${alex}_MThumb.jpg`,
      then: { by: 'us', mySiteUrl: euUrl, folder: 'Profile Pictures' },
    },
    {
      given: `${mySiteUrl}/User%20Photos/Profilbilder/m365-${bea}_MThumb.jpg`,
      then: { by: 'other-file', mySiteUrl, path: `/User Photos/Profilbilder/m365-${bea}_MThumb.jpg` },
    },
    {
      given: `${mySiteUrl}/User%20Photos/Profilbilder/m365-${alex}_LThumb.jpg`,
      then: { by: 'other-file', mySiteUrl, path: `/User Photos/Profilbilder/m365-${alex}_LThumb.jpg` },
    },
    {
      given: `${mySiteUrl}:443/User%20Photos/Profilbilder/alex_contoso_com_MThumb.jpg?t=1`,
      then: { by: 'other-file', mySiteUrl, path: '/User Photos/Profilbilder/alex_contoso_com_MThumb.jpg' },
    },
    { given: `${mySiteUrl}/personal/alex/m365-${alex}_MThumb.jpg`, then: { by: 'other-address' } },
    { given: `${mySiteUrl}/_layouts/15/userphoto.aspx?size=M`, then: { by: 'other-address' } },
    { given: `${mySiteUrl}/User%20Photos/x.jpg`, then: { by: 'other-address' } },
    { given: `${mySiteUrl}/User%20Photos/..%2F..%2Fx/y.jpg`, then: { by: 'other-address' } },
    {
      given: `https://evil.example/User%20Photos/Profilbilder/m365-${alex}_MThumb.jpg`,
      then: { by: 'other-address' },
    },
    { given: `${mySiteUrl}.evil.example/User%20Photos/x.jpg`, then: { by: 'other-address' } },
    { given: `http://contoso-my.sharepoint.com/User%20Photos/x.jpg`, then: { by: 'other-address' } },
    { given: `${mySiteUrl}/User%20Photos/100%/x.jpg`, then: { by: 'other-address' } },
    { given: '/User Photos/Profilbilder/x.jpg', then: { by: 'other-address' } },
    { given: '', then: { by: 'nobody' } },
    { given: ' ', then: { by: 'nobody' } },
  ])('like $given leads to $then.by', ({ given, then }) => {
    expect(decideShown(alex, given, geos)).toEqual(then);
  });
});
