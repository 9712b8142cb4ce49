using OrleansGeo.Server.Configuration;

namespace OrleansGeo.Tests.Infra;

/// <summary>What the template tells a silo is what the server listens to, and the other way round.</summary>
[Collection(InfraCollection.Name)]
public sealed class SettingTests(CompiledInfra infra)
{
    /// <summary>Variables that are for somebody else in the process.</summary>
    private static readonly Dictionary<string, string> Others = new()
    {
        ["AZURE_CLIENT_ID"] = "the Azure SDK chooses the identity by it",
    };

    /// <summary>Options, by how their path begins, that the template leaves alone. Its parameter settings can set them.</summary>
    private static readonly Dictionary<string, string> Left = new()
    {
        ["ProbeInterval"] = "its default suits Azure's distances",
        ["Shards:"] = "the defaults; an operator chooses once, by the parameter settings",
        ["Failover:"] = "the defaults were measured on Azure's distances",
        ["Follow:"] = "the defaults",
        ["Limits:"] = "the defaults",
        ["Links:"] = "the defaults were measured on Azure's distances",
        ["Api:"] = "the defaults",
        ["Http:RequestsPerSecond"] = "the defaults",
        ["Http:Burst"] = "the defaults",
        ["Http:MaxConnections"] = "the defaults",
        ["Http:HeadersTimeout"] = "the defaults",
        ["Http:MinBytesPerSecond"] = "the defaults",
        ["Http:SlowGrace"] = "the defaults",
        ["Http:KeepAlive"] = "the defaults",
        ["Storage:Sqlite:"] = "a container has no disk that stays",
        ["Storage:AzureTables:ConnectionString"] = "it is for emulators",
        ["Membership:AzureTables:ConnectionString"] = "it is for emulators",
        ["Tls:HandshakeTimeout"] = "the default",
        ["Auth:KeysFile"] = "keys are the authority's",
        ["Auth:Issuer"] = "the authority says it",
        ["Auth:ClockSkew"] = "the default",
        ["Telemetry:OtlpEndpoint"] = "there is no collector",
        ["Telemetry:Prometheus"] = "the default",
        ["Telemetry:TraceRatio"] = "the default; an operator's choice of cost",
    };

    private ILookup<string, string> Settings => new[] { CompiledInfra.World, CompiledInfra.Witness }
        .SelectMany(world => new ExpandedTemplate(infra[world]).Silos)
        .SelectMany(static silo => silo.Settings())
        .ToLookup(static setting => setting.Key, static setting => setting.Value);

    [BicepFact]
    public void Every_variable_is_an_option_of_the_server()
    {
        var unknown = Settings.Select(static setting => setting.Key).Where(name => !Others.ContainsKey(name) && OptionOf(name) is null).ToList();
        Assert.True(unknown.Count == 0, $"The template sets what the server does not know: {string.Join(", ", unknown)}. See infra/settings.bicep and ServerOptions.");
    }

    [BicepFact]
    public void Every_value_is_of_its_options_type()
    {
        // What only Azure knows is still an expression.
        var wrong = Settings.Where(static setting => OptionOf(setting.Key) is not null)
            .SelectMany(static setting => setting.Where(static value => !value.StartsWith('['))
                .Select(value => OptionOf(setting.Key)!.ProblemOf(value) is { } problem ? $"{setting.Key}: {problem}" : null))
            .OfType<string>();
        Assert.Empty(wrong);
    }

    [BicepFact]
    public void Every_option_of_the_server_is_set_or_left_alone_for_a_reason()
    {
        var set = Settings.Select(static setting => OptionOf(setting.Key)?.Path).ToHashSet();
        var forgotten = OptionCatalog.All.Select(static option => option.Path).Where(path => !set.Contains(path) && !Left.Keys.Any(left => path.StartsWith(left, StringComparison.Ordinal))).ToList();
        Assert.True(forgotten.Count == 0, $"The template does not set {string.Join(", ", forgotten)}: do it in infra/settings.bicep, or say here why it is left alone.");
    }

    [BicepFact]
    public void What_is_said_to_be_left_alone_exists()
    {
        var gone = Left.Keys.Where(static left => !OptionCatalog.All.Any(option => option.Path.StartsWith(left, StringComparison.Ordinal)))
            .Concat(Others.Keys.Where(name => !Settings.Contains(name)));
        Assert.Empty(gone);
    }

    private static OptionInfo? OptionOf(string variable) =>
        variable.StartsWith($"{ServerOptions.Section}__", StringComparison.Ordinal)
            ? OptionCatalog.Find(variable[(ServerOptions.Section.Length + 2)..].Replace("__", ":", StringComparison.Ordinal))
            : null;
}
