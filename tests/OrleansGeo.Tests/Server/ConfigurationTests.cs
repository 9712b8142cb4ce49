using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansGeo.Api;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Server.Configuration;
using OrleansGeo.Server.Hosting;

namespace OrleansGeo.Tests.Server;

/// <summary>What is configured wrongly is said before anything starts, and all at once.</summary>
public sealed class ConfigurationTests
{
    [Fact]
    public void Every_problem_is_listed_at_once()
    {
        using var world = new ServerWorld("westeurope", "eastus2");
        var settings = world.SettingsOf("westeurope");
        settings["Geo:Region"] = "West Europe";
        settings["Geo:Regoins:0"] = "westeurope";
        settings["Geo:Http:Port"] = "many";
        settings["Geo:Http:HeadersTimeout"] = "00:00:00";
        settings["Geo:Peers:1:Gateways:0"] = "eastus2";
        settings["Geo:Silo:GatewayPort"] = settings["Geo:Silo:Port"];
        settings["Geo:Failover:LeaseDuration"] = "00:00:00.5";
        settings["Geo:Limits:KeyBytes"] = "0";
        settings["Geo:Shards:Hash"] = "5000";
        settings["Geo:Storage:Sqlite:Path"] = "";
        settings["Geo:Tls:KeyFile"] = world.Folder.File("missing.pem");
        settings["Geo:Auth:Audience"] = null;
        settings["Geo:Auth:Authority"] = "http://issuer.test";
        settings["Geo:Shutdown:GracePeriod"] = "00:00:05";
        settings["Geo:Telemetry:TraceRatio"] = "7";

        var problems = ProblemsOf(settings);

        Assert.All(
            new[]
            {
                "'West Europe' is not a region name", "Geo:Regoins:0: there is no such option", "Geo:Http:Port: 'many'", "Geo:Http:HeadersTimeout", "'eastus2', a gateway of eastus2",
                "Geo:Silo:GatewayPort", "Geo:Failover:LeaseDuration", "Geo:Limits:KeyBytes", "Shard counts", "Geo:Storage: give either", "Geo:Tls:KeyFile", "Geo:Auth:Audience",
                "Geo:Auth:Authority", "Geo:Auth: give either", "Geo:Shutdown:GracePeriod", "Geo:Telemetry:TraceRatio",
            },
            expected => Assert.Contains(problems, problem => problem.Contains(expected, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_right_has_no_problem()
    {
        using var world = new ServerWorld("westeurope", "eastus2");
        Assert.Empty(ProblemsOf(world.SettingsOf("westeurope")));
    }

    [Theory]
    [InlineData("Geo:Http:Address", "0.0.0.0")]
    [InlineData("Geo:Http:Address", "::")]
    [InlineData("Geo:Silo:Address", "10.1.0.4")]
    public void Beyond_the_loopback_address_a_server_has_authentication_and_link_certificates(string option, string address)
    {
        using var world = new ServerWorld("westeurope");
        var settings = world.SettingsOf("westeurope");
        settings[option] = address;
        Assert.Empty(ProblemsOf(settings));

        Assert.Contains("only with authentication", Assert.Single(ProblemsOf(settings.Where(static pair => !pair.Key.StartsWith("Geo:Auth", StringComparison.Ordinal)))), StringComparison.Ordinal);
        Assert.Contains("only with link certificates", Assert.Single(ProblemsOf(settings.Where(static pair => !pair.Key.StartsWith("Geo:Tls", StringComparison.Ordinal)))), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_way_to_listen_is_refused()
    {
        using var world = new ServerWorld("westeurope");
        var settings = world.SettingsOf("westeurope");
        settings["Kestrel:Endpoints:Open:Url"] = "http://0.0.0.0:80";
        Assert.Contains("Kestrel:Endpoints", Assert.Single(ProblemsOf(settings)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eastus2", -1, 1, "not of westeurope")]
    [InlineData("westeurope", -3, -1, "renew it")]
    [InlineData("westeurope", 1, 3, "renew it")]
    public void A_certificate_that_every_peer_would_refuse_stops_the_start(string name, int fromDays, int untilDays, string says)
    {
        using var world = new ServerWorld("westeurope");
        using var certificate = world.Authority.Issue(name, fromDays, untilDays);
        File.WriteAllText(world.Folder.File("westeurope.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(world.Folder.File("westeurope.key.pem"), System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!.ExportPkcs8PrivateKeyPem());
        Assert.Contains(says, Assert.Single(ProblemsOf(world.SettingsOf("westeurope"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_reaches_what_it_configures()
    {
        foreach (var option in OptionCatalog.All)
        {
            var value = option.Type == typeof(string) ? "text" : option.Type == typeof(Uri) ? "https://example.org/" : option.Type == typeof(TimeSpan) ? "00:00:17" : option.Type == typeof(double) ? "0.25" : null;
            value ??= option.Type == typeof(bool) ? (ValueOf(new ServerOptions(), option.Path) is true ? "False" : "True") : "17";
            Assert.Null(option.ProblemOf(value));

            var options = new ServerOptions();
            var key = $"Geo:{option.Path.Replace("*", "0", StringComparison.Ordinal)}";
            new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build().GetSection(ServerOptions.Section).Bind(options);
            Assert.Equal(value, Convert.ToString(ValueOf(options, option.Path), System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public async Task What_is_configured_is_what_the_parts_get()
    {
        using var world = new ServerWorld("westeurope", "eastus2");
        var settings = world.SettingsOf("westeurope");
        settings["Geo:Failover:LeaseDuration"] = "00:00:03";
        settings["Geo:Follow:Writes"] = "9";
        settings["Geo:Links:RedialInterval"] = "00:00:00.7";
        settings["Geo:Limits:RecordBytes"] = "1000000";
        settings["Geo:Api:MaxDocumentBytes"] = "2000000";
        settings["Geo:Api:MaxEventStreams"] = "";
        settings["Geo:Priority:0"] = "eastus2";
        settings["Geo:Peers:1:Gateways:1"] = "gw1.example:30000";
        settings["Geo:Shutdown:DrainPeriod"] = "00:00:07";
        await using var app = ServerHost.Build([], builder => builder.Configuration.AddInMemoryCollection(settings));

        Assert.Equal(TimeSpan.FromSeconds(3), Get<FailoverOptions>().LeaseDuration);
        Assert.Equal(9, Get<FollowOptions>().Writes);
        Assert.Equal(TimeSpan.FromMilliseconds(700), Get<RegionLinkOptions>().RedialInterval);
        Assert.NotNull(Get<RegionLinkOptions>().ConfigureClient);
        Assert.True(Get<GeoLimits>().RecordBytes > 2_000_000, "A document of the largest size does not fit a record.");
        Assert.Equal(new GeoApiOptions().MaxEventStreams, Get<GeoApiOptions>().MaxEventStreams);
        Assert.Equal(["eastus2"], Get<GeoOptions>().Priority);
        Assert.Equal([$"{world.Gateway("eastus2")}", "gw1.example:30000"], Assert.Single(Get<GeoOptions>().Peers).Gateways.Select(static gateway => gateway.ToString()));
        Assert.Equal(TimeSpan.FromSeconds(7), Get<ShutdownOptions>().DrainPeriod);

        T Get<T>()
            where T : class => app.Services.GetRequiredService<IOptions<T>>().Value;
    }

    private static string[] ProblemsOf(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        try
        {
            ServerConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            return [];
        }
        catch (ConfigurationException exception)
        {
            Assert.All(exception.Problems, problem => Assert.Contains(problem, exception.Message, StringComparison.Ordinal));
            return [.. exception.Problems];
        }
    }

    private static object? ValueOf(object options, string path) => path.Split(':').Aggregate(
        (object?)options,
        static (at, name) => name == "*" ? ((System.Collections.IList)at!)[0] : at!.GetType().GetProperty(name)!.GetValue(at));
}
