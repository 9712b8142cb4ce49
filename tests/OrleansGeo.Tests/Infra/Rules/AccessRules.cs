using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>Who may do what: identities, at one thing each, by private ways.</summary>
internal static class AccessRules
{
    private const string Account = "Microsoft.Storage/storageAccounts";
    private const string Vault = "Microsoft.KeyVault/vaults";
    private const string Environment = "Microsoft.App/managedEnvironments";
    private const string Assignment = "Microsoft.Authorization/roleAssignments";

    // Role, and the type of resource that it may be given at.
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "/tableServices/default/tables/", // Storage Table Data Contributor
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "/Microsoft.KeyVault/vaults/", // Key Vault Secrets User
        ["a4417e6f-fecd-4de8-b567-7b0420556985"] = "/Microsoft.KeyVault/vaults/", // Key Vault Certificates Officer
        ["b86a8fe4-44ce-4948-aee5-eccb2c155cd7"] = "/Microsoft.KeyVault/vaults/", // Key Vault Secrets Officer
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "/Microsoft.Insights/components/", // Monitoring Metrics Publisher
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "/Microsoft.ContainerRegistry/registries/", // AcrPull
    };

    public static IEnumerable<Rule> All =>
    [
        Rule.Of("Stores have no shared keys", Account, "allowSharedKeyAccess", "false", JsonValue.Create(true)),
        Rule.Of("Stores are not public", Account, "publicNetworkAccess", "Disabled", "Enabled"),
        Rule.Of("Stores deny what no rule allows", Account, "networkAcls.defaultAction", "Deny", "Allow"),
        Rule.Of("Stores take TLS 1.2 and newer", Account, "minimumTlsVersion", "TLS1_2", "TLS1_0"),
        Rule.Of("Stores take nothing but https", Account, "supportsHttpsTrafficOnly", "true", JsonValue.Create(false)),
        Rule.Of("Vaults are not public", Vault, "publicNetworkAccess", "Disabled", "Enabled"),
        Rule.Of("Vaults know roles, not access policies", Vault, "enableRbacAuthorization", "true", JsonValue.Create(false)),
        Rule.Of("Vaults cannot be purged", Vault, "enablePurgeProtection", "true", JsonValue.Create(false)),
        Rule.Of("Environments are inside their network", Environment, "vnetConfiguration.internal", "true", JsonValue.Create(false)),
        Rule.Of("Environments are not public", Environment, "publicNetworkAccess", "Disabled", "Enabled"),
        Rule.Of("Telemetry is published by identities", "Microsoft.Insights/components", "DisableLocalAuth", "true", JsonValue.Create(false)),
        Rule.Of("Workspaces have no keys", "Microsoft.OperationalInsights/workspaces", "features.disableLocalAuth", "true", JsonValue.Create(false)),
        new(
            "A role is given at the one thing that it is for, to that region's own identity",
            static template => template.Of(Assignment).SelectMany(AssignmentProblems),
            static template => template.Of(Assignment).First(static assignment => assignment.Id().Contains("/tables/", StringComparison.Ordinal))["id"] =
                $"{template.Of(Account).First().Id()}/providers/{Assignment}/1"),
        new(
            "Every silo may use each of its region's tables",
            static template => template.Of($"{Account}/tableServices/tables")
                .Where(table => !template.Of(Assignment).Any(assignment => assignment.Id().StartsWith($"{table.Id()}/", StringComparison.Ordinal)))
                .Select(static table => $"Nobody may use {table.Id()}."),
            static template => template.Of(Assignment).First(static assignment => assignment.Id().Contains("/tables/", StringComparison.Ordinal))["type"] = "gone"),
        new(
            "No secret is in the template",
            static template => new[] { "listKeys(", "listSecrets(", "AccountKey=", "SharedAccessSignature", "securestring" }
                .Where(word => template.Text.Contains(word, StringComparison.OrdinalIgnoreCase)),
            static template => Rule.Set(template.Silos.First(), "template.containers.0.env.0.value", "DefaultEndpointsProtocol=https;AccountKey=1")),
        new(
            "A silo's secrets are in its region's vault, and read by its identity",
            static template => template.Silos.SelectMany(silo => silo.ListAt("configuration.secrets").Where(secret => !IsReference(silo, secret)).Select(secret => $"{silo.Id()}: {secret.ToJsonString()}")),
            static template => template.Silos.First().At("configuration.secrets.0")!["value"] = "-----BEGIN PRIVATE KEY-----"),
    ];

    private static IEnumerable<string> AssignmentProblems(JsonNode assignment)
    {
        var scope = assignment.Id()[..assignment.Id().IndexOf($"/providers/{Assignment}/", StringComparison.Ordinal)];
        var role = assignment.TextAt("roleDefinitionId")!.Split('/')[^1];
        if (!Roles.TryGetValue(role, out var type) || !scope.Contains(type, StringComparison.Ordinal))
        {
            yield return $"Role {role} is given at {scope}.";
        }

        var identity = ResourceExtensions.Referenced(assignment.TextAt("principalId")!);
        if (identity.Length > 0 && ResourceExtensions.GroupOf(identity) != ResourceExtensions.GroupOf(scope) && type != "/Microsoft.ContainerRegistry/registries/")
        {
            yield return $"{identity} is given role {role} at {scope}, in another region.";
        }
    }

    private static bool IsReference(JsonNode silo, JsonNode secret) =>
        secret["value"] is null
        && secret["keyVaultUrl"] is not null
        && ResourceExtensions.GroupOf(secret["identity"]!.ToString()) == silo.Group();
}
