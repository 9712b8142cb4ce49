using System.Text.Json.Nodes;

namespace OrleansGeo.Tests.Infra.Rules;

/// <summary>Front Door, and who is told what.</summary>
internal static class EdgeRules
{
    private const string Origin = "Microsoft.Cdn/profiles/originGroups/origins";
    private const string Group = "Microsoft.Cdn/profiles/originGroups";
    private const string Alert = "Microsoft.Insights/scheduledQueryRules";

    private static readonly string[] Told = ["lease-lost", "staleness", "lost-writes", "recovery", "slow-recovery", "old-store", "silent"];

    public static IEnumerable<Rule> All =>
    [
        Rule.Of("Front Door asks who is ready", Group, "healthProbeSettings.probePath", "/health/ready", "/"),
        Rule.Of("Front Door asks by GET: a HEAD is not answered", Group, "healthProbeSettings.probeRequestType", "GET", "HEAD"),
        new(
            "Front Door asks often enough",
            static template => template.Of(Group).Where(static group => (int)group.At("healthProbeSettings.probeIntervalInSeconds")! > 30).Select(static group => group.Id()),
            static template => Rule.Set(template.Of(Group).Single(), "healthProbeSettings.probeIntervalInSeconds", JsonValue.Create(100))),
        new(
            "Front Door sends requests to the silos of every region but witnesses, by private link",
            OriginProblems,
            static template => template.Of(Origin).First().AsObject()["name"] = "orleans/regions/another"),
        new(
            "Every region tells somebody what is wrong with it",
            static template => template.Of("Microsoft.OperationalInsights/workspaces").SelectMany(workspace => Told.Where(told => !template.Of(Alert).Any(alert =>
                alert.TextAt("scopes.0") == workspace.Id() && alert.Name() == $"{alert["location"]}-{told}" && alert.ListAt("actions.actionGroups").Any()))
                .Select(told => $"{workspace.Id()}: nobody is told of {told}.")),
            static template => Rule.Set(template.Of(Alert).First(), "scopes", new JsonArray())),
    ];

    private static IEnumerable<string> OriginProblems(ExpandedTemplate template)
    {
        var origins = template.Of(Origin).ToDictionary(static origin => origin.Name().Split('/')[^1]);
        var wanted = template.Silos
            .Where(static silo => !silo.Settings().Any(setting => setting.Key.StartsWith("Geo__Witnesses__", StringComparison.Ordinal) && setting.Value == silo.Settings()["Geo__Region"]))
            .ToDictionary(static silo => silo.Name());
        return origins.Keys.Except(wanted.Keys).Select(static name => $"{name} gets requests.")
            .Concat(wanted.Keys.Except(origins.Keys).Select(static name => $"{name} gets no requests."))
            .Concat(wanted.Where(silo => origins.TryGetValue(silo.Key, out var origin) && origin.TextAt("sharedPrivateLinkResource.privateLink.id") != silo.Value.TextAt("environmentId"))
                .Select(static silo => $"{silo.Key} is not reached through its own environment."));
    }
}
