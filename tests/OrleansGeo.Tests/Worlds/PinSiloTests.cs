using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Operations;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Runtime.Moves;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.World;

namespace OrleansGeo.Tests.Worlds;

/// <summary>Moves where a region has several silos: an entity's activation goes to the silo of the shard that it moved to.</summary>
[Collection(WorldCollection.Name)]
public sealed class PinSiloTests(WorldFixture fixture)
{
    [Fact]
    public async Task Entities_that_move_between_shards_of_different_silos_are_read_and_written_in_every_region()
    {
        var world = fixture.World;
        var keys = Enumerable.Range(0, 6).Select(static i => $"silo-{i}").ToList();
        var count = 0;
        foreach (var to in new string?[] { "eastus2", "southeastasia", null, "westeurope" })
        {
            count++;
            await Task.WhenAll(keys.Select(async key =>
            {
                var entity = GrainId.Create("test.ledger", key);
                var admin = world["westeurope"].Services.First().GetRequiredService<IGeoAdmin>();
                await (to is null ? admin.UnpinAsync(entity) : admin.PinAsync(entity, new(to)));
                Assert.Equal(count, await world["southeastasia"].Grains.GetGrain<ILedger>(key).Append($"{count}"));
            }));

            foreach (var region in world.Regions)
            {
                await Task.WhenAll(keys.Select(key => Wait.UntilAsync($"{region.Region} reads {key} where it is after {count} moves", async () =>
                {
                    using var session = GeoSession.Begin(new());
                    var lines = await region.Grains.GetGrain<ILedger>(key).Read();
                    return lines.Length == count && session.Last is { } last && last.ServedBy == region.Region && last.Moves == count;
                })));
                using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
                Assert.Equal(count, (await region.Grains.GetGrain<ILedger>(keys[0]).Read()).Length);
                Assert.True(to is null || strong.Last!.Value.ServedBy.Name == to);
            }
        }
    }

    [Fact]
    public async Task A_move_that_nobody_goes_on_with_is_finished_by_the_next_request_on_whichever_silo()
    {
        var services = fixture.World["westeurope"].Services.First();
        var moves = services.GetRequiredService<EntityMoves>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var key = $"left-{i}";
            var entity = GrainId.Create("test.ledger", key);
            var ledger = fixture.World["southeastasia"].Grains.GetGrain<ILedger>(key);
            Assert.Equal(1, await ledger.Append("1"));

            // It leaves, and whoever moves it is gone.
            var map = services.GetRequiredService<IGeoWorld>().Topology.Map;
            var move = new MoveWire(entity.ToString(), 1, map[moves.ShardOfKey(entity)].Name, $"q-eastus2-{i % map.AffineShardsPerRegion}");
            Assert.Equal(MoveVerdict.Done, (await moves.LeaveAsync(move, default, CancellationToken.None)).Verdict);
            if (i % 2 == 0)
            {
                await Wait.UntilAsync($"eastus2 reads {key}", async () => await fixture.World["eastus2"].Grains.GetGrain<ILedger>(key).Read() is ["1"]);
            }

            Assert.Equal(2, await ledger.Append("2"));
            using var strong = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
            Assert.Equal(["1", "2"], await fixture.World["westeurope"].Grains.GetGrain<ILedger>(key).Read());
            Assert.Equal(("eastus2", 1), (strong.Last!.Value.ServedBy.Name, strong.Last.Value.Moves));
        }));
    }
}
