using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Server.Storage;

/// <summary>What is wrong with where the region keeps its data.</summary>
internal static class StorageProblems
{
    public static IEnumerable<string> Of(StorageOptions storage, MembershipOptions membership)
    {
        if (storage.Sqlite.Path is null != storage.AzureTables.IsConfigured)
        {
            yield return "Geo:Storage: give either Sqlite:Path or AzureTables:ServiceUri.";
        }

        foreach (var problem in AccountProblems("Geo:Storage:AzureTables", storage.AzureTables).Concat(AccountProblems("Geo:Membership:AzureTables", membership.AzureTables)))
        {
            yield return problem;
        }

        if (storage.Sqlite.Path is not null && membership.AzureTables.IsConfigured)
        {
            yield return "Geo:Membership: a region with a store in a file has one silo: leave it out, or use Geo:Storage:AzureTables.";
        }

        if (!IsTableName(membership.TableName))
        {
            yield return $"Geo:Membership:TableName: '{membership.TableName}': use 3 to 63 letters and digits, a letter first.";
        }
    }

    private static IEnumerable<string> AccountProblems(string prefix, TablesOptions tables) => tables.IsConfigured
        ? TableAccount.Problems(new() { ServiceUri = tables.ServiceUri, ConnectionString = tables.ConnectionString }).Select(problem => $"{prefix}: {problem}")
        : [];

    private static bool IsTableName(string name) => name.Length is >= 3 and <= 63 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);
}
