/**
 * The user profile properties of a tenant, as `GetPropertiesFor` lists them: those of SharePoint Server and what
 * SharePoint Online's answers show besides. Names are told apart by case: `PictureUrl` is not `PictureURL`.
 * https://learn.microsoft.com/previous-versions/office/sharepoint-server-2010/hh147513(v=office.14)
 */
const names = `
  UserProfile_GUID SID ADGuid AccountName FirstName LastName PreferredName WorkPhone Department Title Manager AboutMe
  PersonalSpace PictureURL UserName QuickLinks WebSite PublicSiteRedirect WorkEmail CellPhone Fax HomePhone Office
  Assistant OfficeGraphEnabled DelveFlags PulseMRUPeople PreferredDataLocation msOnline-ObjectId
  SPS-PhoneticFirstName SPS-PhoneticLastName SPS-PhoneticDisplayName SPS-Department SPS-JobTitle SPS-DataSource
  SPS-MemberOf SPS-Dotted-line SPS-Peers SPS-Responsibility SPS-SipAddress SPS-MySiteUpgrade SPS-DontSuggestList
  SPS-ProxyAddresses SPS-HireDate SPS-DisplayOrder SPS-ClaimID SPS-ClaimProviderID SPS-LastColleagueAdded SPS-OWAUrl
  SPS-ResourceSID SPS-ResourceAccountName SPS-MasterAccountName SPS-UserPrincipalName SPS-O15FirstRunExperience
  SPS-PersonalSiteInstantiationState SPS-DistinguishedName SPS-SourceObjectDN SPS-LastKeywordAdded
  SPS-FeedIdentifier SPS-Location SPS-PastProjects SPS-Skills SPS-School SPS-Birthday SPS-StatusNotes SPS-Interests
  SPS-HashTags SPS-PictureTimestamp SPS-EmailOptin SPS-PicturePlaceholderState SPS-PrivacyPeople SPS-PrivacyActivity
  SPS-PictureExchangeSyncState SPS-MUILanguages SPS-ContentLanguages SPS-TimeZone SPS-RegionalSettings-FollowWeb
  SPS-Locale SPS-CalendarType SPS-AltCalendarType SPS-AdjustHijriDays SPS-ShowWeeks SPS-WorkDays
  SPS-WorkDayStartHour SPS-WorkDayEndHour SPS-Time24 SPS-FirstDayOfWeek SPS-FirstWeekOfYear
  SPS-RegionalSettings-Initialized SPS-UserType SPS-HideFromAddressLists SPS-RecipientTypeDetails
  SPS-PointPublishingUrl SPS-TenantInstanceId SPS-SharePointHomeExperienceState SPS-MultiGeoFlags`;

export const profilePropertyNames: readonly string[] = names.trim().split(/\s+/);

/** What SharePoint's own import keeps; nobody sets these through the API. */
export const importedPropertyNames: ReadonlySet<string> = new Set([
  'UserProfile_GUID',
  'SID',
  'ADGuid',
  'AccountName',
  'UserName',
  'msOnline-ObjectId',
  'SPS-DistinguishedName',
  'SPS-UserPrincipalName',
]);
