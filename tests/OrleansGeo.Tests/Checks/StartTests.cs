using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Hosting;

namespace OrleansGeo.Tests.Checks;

/// <summary>What a host must have chosen. Each is refused by the host's start, as one exception.</summary>
public sealed class StartTests
{
    [Fact]
    public Task A_region_without_a_store_is_told_how_to_choose_one() =>
        RefusedAsync(static geo => geo.Region(CheckedHost.Region).World(CheckedHost.Region), CheckedHost.Region, "has no store", "geo.UseSqlite(path)");

    [Fact]
    public Task A_cluster_of_another_name_than_its_regions_is_refused() =>
        RefusedAsync(static geo => geo.Region(CheckedHost.Region).World(CheckedHost.Region).UseMemory(), "other", "ClusterId is \"other\"", "ClusterId = \"alone\"");

    [Fact]
    public Task Wrong_options_and_a_missing_store_are_told_together() => RefusedAsync(
        static geo =>
        {
            geo.Region("nowhere").World(CheckedHost.Region).Configure(static options => options.ProbeInterval = TimeSpan.Zero);
            geo.Services.Configure<FailoverOptions>(static options => options.LeaseDuration = TimeSpan.Zero);
        },
        CheckedHost.Region,
        "'nowhere' is not among",
        "ProbeInterval",
        "LeaseDuration",
        "has no store");

    private static async Task RefusedAsync(Action<GeoBuilder> configure, string cluster, params string[] told)
    {
        using var host = CheckedHost.Build(configure, cluster);
        var failure = await Assert.ThrowsAsync<GeoException>(() => host.StartAsync());
        Assert.Equal(GeoErrorCode.InvalidConfiguration, failure.Code);
        Assert.Null(failure.InnerException);
        Assert.All(told, text => Assert.Contains(text, failure.Message, StringComparison.Ordinal));
    }
}
