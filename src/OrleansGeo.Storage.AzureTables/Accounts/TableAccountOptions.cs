using Azure.Core;

namespace OrleansGeo.Storage.AzureTables.Accounts;

/// <summary>Which storage account, and as whom. Either <see cref="ServiceUri"/> (with a managed identity) or <see cref="ConnectionString"/> (the emulator only).</summary>
public class TableAccountOptions
{
    /// <summary>The account's table endpoint, for instance <c>https://account.table.core.windows.net</c>. https only.</summary>
    public Uri? ServiceUri { get; set; }

    /// <summary>Who asks, when <see cref="ServiceUri"/> is given. Default: the managed identity of the machine, or else the developer's sign-in (<c>DefaultAzureCredential</c>).</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>The connection string of an emulator on the loopback address: account keys of real accounts are refused.</summary>
    public string? ConnectionString { get; set; }
}
