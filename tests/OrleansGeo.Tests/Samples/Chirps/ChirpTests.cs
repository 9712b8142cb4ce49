using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansGeo.Tests.Turns;
using OrleansGeo.Tests.Worlds;
using static OrleansGeo.Tests.Worlds.BreakableWorld;

namespace OrleansGeo.Tests.Samples.Chirps;

/// <summary>Accounts that follow each other, each at home in another region.</summary>
[MostlyWaits]
[Trait("Check", "Long")]
public sealed class ChirpTests
{
    [Fact]
    public async Task Every_chirp_reaches_every_follower_once_through_moves_a_drain_and_a_lost_region()
    {
        await using var world = await StartAsync();
        var accounts = Names.Select(name => world.World.KeyIn(name, "sample.chirps", "account")).ToArray();
        await Task.WhenAll(accounts.SelectMany(one => accounts.Where(other => other != one).Select(other =>
            new SampleClient(world, West).AskAsync($"{one} follows {other}", grains => grains.GetGrain<IChirpAccount>(one).Follow(other)))));
        var published = new ConcurrentQueue<(string Account, string Chirp)>();
        var load = new SampleLoad(world, async (client, number) =>
        {
            // All regions publish by the same account and by different ones at the same time.
            var account = accounts[(number + Array.IndexOf(Names, client.Region)) / 2 % accounts.Length];
            var chirp = $"{client.Region}-{number}";
            await client.AskAsync(chirp, grains => grains.GetGrain<IChirpAccount>(account).Publish(chirp));
            published.Enqueue((account, chirp));
        });
        await new Mishaps(world, load).HappenAsync(GrainId.Create("sample.chirps", accounts[1]));
        await load.StopAsync();

        foreach (var client in Names.Select(name => new SampleClient(world, name)))
        {
            foreach (var account in accounts)
            {
                var own = await client.ReadAsync(grains => grains.GetGrain<IChirpAccount>(account).Published());
                Assert.Equal(Of(entry => entry == account), own.Order(StringComparer.Ordinal));
                var received = await client.ReadAsync(grains => grains.GetGrain<IChirpAccount>(account).Received());
                Assert.Equal(Of(entry => entry != account), received.Order(StringComparer.Ordinal));
            }
        }

        IEnumerable<string> Of(Func<string, bool> isAccount) =>
            published.Where(entry => isAccount(entry.Account)).Select(static entry => entry.Chirp).Order(StringComparer.Ordinal);
    }
}
