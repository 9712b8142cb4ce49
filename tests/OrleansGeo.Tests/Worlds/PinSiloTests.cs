using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using OrleansGeo.Abstractions.Sessions;
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
}
