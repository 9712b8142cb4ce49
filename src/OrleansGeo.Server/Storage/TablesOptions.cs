namespace OrleansGeo.Server.Storage;

/// <summary>A storage account. Either of them: the account by this process's managed identity, or an emulator by its connection string.</summary>
internal sealed class TablesOptions
{
    /// <summary>The account's table endpoint, <c>https://account.table.core.windows.net</c>.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>Of an emulator on the loopback address only: the keys of a real account are refused.</summary>
    public string? ConnectionString { get; set; }

    public bool IsConfigured => ServiceUri is not null || ConnectionString is not null;
}
