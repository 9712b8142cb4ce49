using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>One app is one silo, which the others reach at the address that it advertises.</summary>
internal static class SiloRules
{
    private const string App = "Microsoft.App/containerApps";

    public static IEnumerable<Rule> All =>
    [
        Rule.Of("An app has never less than one replica", App, "template.scale.minReplicas", "1", JsonValue.Create(0)),
        Rule.Of("An app has never more than one replica", App, "template.scale.maxReplicas", "1", JsonValue.Create(2)),
        new(
            "No two silos advertise the same address and port",
            static template => template.Silos.SelectMany(Advertised).GroupBy(static end => end).Where(static ends => ends.Count() > 1).Select(static ends => ends.Key),
            static template => Change(template.Silos.First(), "Geo__Silo__GatewayPort", "11111")),
        new(
            "What a silo advertises leads to it",
            static template => template.Silos.SelectMany(IngressProblems),
            static template => Change(template.Silos.First(), "Geo__Silo__Port", "11999")),
        new(
            "Every silo knows every gateway of every other region",
            PeerProblems,
            static template => Change(template.Silos.First(), "Geo__Peers__0__Gateways__0", "10.1.0.4:12111")),
        new(
            "Every silo lists the same regions in the same order",
            static template => template.Silos.Select(static silo => string.Join(' ', List(silo, "Geo__Regions__"))).Distinct().Skip(1),
            static template => Change(template.Silos.First(), "Geo__Regions__0", "elsewhere")),
        new(
            "A silo of a region is told that region's name, store and identity",
            static template => template.Silos.SelectMany(silo => OwnProblems(template, silo)),
            static template => Change(template.Silos.First(), "Geo__Region", "eastus2")),
        new(
            "The platform does not ask for readiness: it would cut off a region that has to catch up",
            static template => template.Silos.SelectMany(static silo => silo.ListAt("template.containers.0.probes")
                .Where(static probe => probe.ToJsonString().Contains("/health/ready", StringComparison.Ordinal)).Select(_ => silo.Id())),
            static template => Rule.Set(template.Silos.First(), "template.containers.0.probes.2.httpGet.path", "/health/ready")),
        new(
            "A silo is given less time to stop than the platform waits",
            static template => template.Silos.Where(static silo =>
                    TimeSpan.Parse(silo.Settings()["Geo__Shutdown__GracePeriod"], null) >= TimeSpan.FromSeconds((int)silo.At("template.terminationGracePeriodSeconds")!))
                .Select(static silo => silo.Id()),
            static template => Rule.Set(template.Silos.First(), "template.terminationGracePeriodSeconds", JsonValue.Create(30))),
    ];

    /// <summary>Where the other silos and regions find it: the environment whose address it is, and the port.</summary>
    private static IEnumerable<string> Advertised(JsonNode silo)
    {
        var settings = silo.Settings();
        var address = ResourceExtensions.Referenced(settings["Geo__Silo__Address"]);
        return [$"{address}:{settings["Geo__Silo__Port"]}", $"{address}:{settings["Geo__Silo__GatewayPort"]}"];
    }

    private static IEnumerable<string> IngressProblems(JsonNode silo)
    {
        var open = silo.ListAt("configuration.ingress.additionalPortMappings")
            .Where(static mapping => (bool)mapping["external"]! && (int)mapping["targetPort"]! == (int)mapping["exposedPort"]!)
            .Select(mapping => $"{silo.TextAt("environmentId")}:{mapping["exposedPort"]}");
        return Advertised(silo).Except(open).Select(end => $"{silo.Id()} advertises {end}, which does not lead to it.");
    }

    private static IEnumerable<string> PeerProblems(ExpandedTemplate template)
    {
        foreach (var silo in template.Silos)
        {
            var told = List(silo, "Geo__Peers__").Where(static value => value.Contains("reference(", StringComparison.Ordinal) || value.Contains(':', StringComparison.Ordinal))
                .Select(static value => $"{ResourceExtensions.Referenced(value)}:{string.Concat(value.TrimEnd(']', ')').Reverse().TakeWhile(char.IsAsciiDigit).Reverse())}");
            var names = silo.Settings().Where(static setting => setting.Key.EndsWith("__Name", StringComparison.Ordinal) && setting.Key.StartsWith("Geo__Peers__", StringComparison.Ordinal)).Select(static setting => setting.Value);
            var others = template.Silos.Where(other => other.Settings()["Geo__Region"] != silo.Settings()["Geo__Region"]).ToList();
            if (!told.Order().SequenceEqual(others.Select(static other => Advertised(other).Last()).Order())
                || !names.Order().SequenceEqual(others.Select(static other => other.Settings()["Geo__Region"]).Distinct().Order()))
            {
                yield return $"{silo.Id()} does not know exactly the gateways of the other regions.";
            }
        }
    }

    private static IEnumerable<string> OwnProblems(ExpandedTemplate template, JsonNode silo)
    {
        var settings = silo.Settings();
        var account = template.Of("Microsoft.Storage/storageAccounts").Single(account => account.Group() == silo.Group());
        return new[]
        {
            (Is: settings["Geo__Region"] == silo["location"]!.ToString(), What: "region"),
            (Is: silo.Group().EndsWith($"-{settings["Geo__Region"]}", StringComparison.Ordinal), What: "resource group"),
            (Is: settings["Geo__Storage__AzureTables__ServiceUri"].Contains($"'{account.Name()}'", StringComparison.Ordinal), What: "store"),
            (Is: settings["Geo__Membership__AzureTables__ServiceUri"] == settings["Geo__Storage__AzureTables__ServiceUri"], What: "membership"),
            (Is: ResourceExtensions.GroupOf(ResourceExtensions.Referenced(settings["AZURE_CLIENT_ID"])) == silo.Group(), What: "identity"),
        }.Where(static fact => !fact.Is).Select(fact => $"{silo.Id()} is told another region's {fact.What}.");
    }

    private static IEnumerable<string> List(JsonNode silo, string prefix) =>
        silo.Settings().Where(setting => setting.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(static setting => setting.Value);

    private static void Change(JsonNode silo, string name, string value) =>
        silo.ListAt("template.containers.0.env").Single(item => (string)item["name"]! == name)["value"] = value;
}
