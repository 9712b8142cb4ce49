namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>What happens to a request on its way to the account.</summary>
internal enum AccountFault
{
    /// <summary>The account says that it is busy: 503, and to come back at once.</summary>
    Busy,

    /// <summary>The connection breaks before the account has the request.</summary>
    RequestLost,

    /// <summary>The account does what it was asked, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>The account does what it was asked, and says that it failed: 500.</summary>
    FailedAfterEffect,

    /// <summary>The account says that a row is not as the request wants it, and does nothing: 409.</summary>
    Conflict,

    /// <summary>The identity has no rights: 403.</summary>
    Forbidden,
}
