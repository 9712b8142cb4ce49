namespace OrleansGeo.Tests.Histories;

/// <summary>How one client of a load reaches the documents.</summary>
internal interface IDocumentClient
{
    /// <summary>Begins the session that all calls of this client are made in.</summary>
    IDisposable BeginSession();

    /// <summary>Completes at once, or when what the client calls through is there again.</summary>
    Task WhenReadyAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Throws <see cref="OutcomeUnknownException"/> or a <c>GeoException</c> when there is no answer. Anything else ends the load and fails the test.
    /// </summary>
    Task<DocumentAnswer> CallAsync(string key, DocumentAction action);
}
