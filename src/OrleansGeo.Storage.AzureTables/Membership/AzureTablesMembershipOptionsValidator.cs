using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansGeo.Storage.AzureTables.Accounts;

namespace OrleansGeo.Storage.AzureTables.Membership;

/// <summary>Lists everything that is wrong at once, before the silo or the client starts.</summary>
internal sealed partial class AzureTablesMembershipOptionsValidator(IOptions<ClusterOptions> cluster) : IValidateOptions<AzureTablesMembershipOptions>
{
    /// <summary>A partition key may have 1 KiB of UTF-16.</summary>
    private const int MaxKeyLength = 512;

    public ValidateOptionsResult Validate(string? name, AzureTablesMembershipOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        foreach (var problem in TableAccount.Problems(options))
        {
            result.AddError(problem);
        }

        if (!TableName().IsMatch(options.TableName ?? ""))
        {
            result.AddError($"'{options.TableName}': use 3 to 63 letters and digits, beginning with a letter.", nameof(options.TableName));
        }

        if (options.AttemptTimeout < TimeSpan.FromSeconds(1) || options.AttemptTimeout > TimeSpan.FromSeconds(100))
        {
            result.AddError($"{options.AttemptTimeout}: use 1 to 100 seconds.", nameof(options.AttemptTimeout));
        }

        // The emulator takes keys that Azure refuses.
        var clusterId = cluster.Value.ClusterId;
        if (string.IsNullOrEmpty(clusterId) || clusterId.Length > MaxKeyLength || clusterId.Any(static unit => unit is '/' or '\\' or '#' or '?' || char.IsControl(unit)))
        {
            result.AddError($"'{clusterId}' is the partition of the membership table: use 1 to {MaxKeyLength} characters without / \\ # ? and control characters.", nameof(ClusterOptions.ClusterId));
        }

        return result.Build();
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{2,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();
}
