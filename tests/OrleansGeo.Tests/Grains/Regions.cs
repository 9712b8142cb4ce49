using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Abstractions.Sessions;
using OrleansGeo.Runtime.World;
using OrleansGeo.TestingHost;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

/// <summary>What tests of grains ask of a world again and again.</summary>
internal static class Regions
{
    /// <summary>What grains told the call logs of all running silos.</summary>
    public static string[] Told(this GeoTestCluster world) =>
    [
        .. world.Regions.Where(static region => region.IsRunning)
            .SelectMany(static region => region.Services)
            .Select(static services => services.GetService<CallLog>())
            .OfType<CallLog>()
            .SelectMany(static log => log.Calls),
    ];

    public static int Told(this GeoTestCluster world, string text) => world.Told().Count(told => told == text);

    public static Task PinAsync(this GeoTestCluster world, string type, string key, string region) => Wait.ForAsync(
        $"{type}/{key} is in {region}",
        world.Regions.First(static region => region.IsRunning).Services.First().GetRequiredService<IGeoAdmin>().PinAsync(GrainId.Create(type, key), new(region)));

    /// <summary>Reads at the home.</summary>
    public static async Task<T> StronglyAsync<T>(Func<Task<T>> read)
    {
        using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
        return await Wait.ForAsync("a strong read is answered", read());
    }
}
