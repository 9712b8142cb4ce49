using Azure.Data.Tables;
using Azure.Identity;

namespace OrleansGeo.Storage.AzureTables.Accounts;

/// <summary>Makes clients of the account that options name, and refuses options that name none, two, or a real account by its key.</summary>
internal static class TableAccount
{
    /// <summary>Everything that is wrong with the options; empty when nothing is.</summary>
    public static IEnumerable<string> Problems(TableAccountOptions options)
    {
        if (options.ServiceUri is null == options.ConnectionString is null)
        {
            yield return "Give either ServiceUri (an Azure storage account, by managed identity) or ConnectionString (an emulator).";
        }

        if (options.ServiceUri is { } uri && (!uri.IsAbsoluteUri || uri.Scheme != Uri.UriSchemeHttps))
        {
            yield return $"ServiceUri '{uri}' must be an https address, like https://account.table.core.windows.net.";
        }

        if (options.ConnectionString is { } text && !IsEmulator(text))
        {
            yield return "ConnectionString is for the emulator on the loopback address: give the ServiceUri of a real account, and its table roles to the managed identity.";
        }
    }

    /// <exception cref="ArgumentException">The options are wrong: the message lists every problem.</exception>
    public static TableServiceClient CreateClient(TableAccountOptions options, TableClientOptions? clientOptions = null)
    {
        if (Problems(options).ToList() is { Count: > 0 } problems)
        {
            throw new ArgumentException(string.Join(' ', problems), nameof(options));
        }

        return options.ServiceUri is { } uri
            ? new TableServiceClient(uri, options.Credential ?? new DefaultAzureCredential(), clientOptions)
            : new TableServiceClient(options.ConnectionString, clientOptions);
    }

    private static bool IsEmulator(string connectionString)
    {
        try
        {
            return new TableServiceClient(connectionString).Uri.IsLoopback;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
