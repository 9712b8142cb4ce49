using System.Text;
using CsCheck;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol;

public sealed class TopologyTests
{
    private static WorldRegions Regions(int count) => new([.. Enumerable.Range(0, count).Select(static i => new RegionId($"region-{(char)('a' + i)}"))]);

    [Theory]
    [InlineData("westeurope", true)]
    [InlineData("a", true)]
    [InlineData("us-2", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("2us", false)]
    [InlineData("-us", false)]
    [InlineData("West", false)]
    [InlineData("a_b", false)]
    [InlineData("é", false)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456", false)]
    public void A_region_name_fits_into_urls_files_and_shard_names(string? name, bool valid)
    {
        Assert.Equal(valid, RegionId.IsValid(name));
        if (!valid && name is not null)
        {
            Assert.Contains("a-z", Assert.Throws<ArgumentException>(() => new RegionId(name)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_equal_epoch_of_another_region_is_fenced()
    {
        Assert.True(new FencingToken(new("b"), 2).IsFencedBy(new(new("a"), 2)));
        Assert.False(new FencingToken(new("a"), 2).IsFencedBy(new(new("a"), 2)));
        Assert.True(new FencingToken(new("a"), 1).IsFencedBy(new(new("a"), 2)));
        Assert.False(new FencingToken(new("b"), 1).IsFencedBy(default));
    }

    [Fact]
    public void A_map_has_every_shard_of_both_families_by_name()
    {
        var map = new ShardMap(Regions(3), 64, 8);
        Assert.Equal(2 * (64 + (3 * 8)), map.Count);
        Assert.Equal("q-00", map[0].Name);
        Assert.Equal("q-63", map[63].Name);
        Assert.Equal("q-region-a-0", map[64].Name);
        Assert.Equal(ShardFamily.Region, map.FamilyOf(map.IndexOf(new("r-00"))));
        Assert.Equal(ShardFamily.Quorum, map.FamilyOf(map.IndexOf(new("q-region-c-7"))));
        Assert.Equal(new RegionId("region-c"), map.PreferredHome(map.IndexOf(new("r-region-c-0"))));
        Assert.Equal(-1, map.IndexOf(new("q-64")));
        Assert.Equal(map.Count, Enumerable.Range(0, map.Count).Select(i => map[i]).Distinct().Count());
    }

    /// <summary>Over many worlds: a region more takes about its share, and nothing moves between the others.</summary>
    [Fact]
    public void A_region_more_or_less_moves_its_share_and_nothing_else() =>
        Gen.Select(Gen.Int[2, 8], Gen.Int[0, 1000]).Sample((count, salt) =>
        {
            var shards = Enumerable.Range(0, 2_000).Select(i => $"q-{salt}-{i}").ToList();
            var before = shards.ConvertAll(shard => Rendezvous.Choose(shard, Regions(count)));
            var after = shards.ConvertAll(shard => Rendezvous.Choose(shard, Regions(count + 1)));
            var added = Regions(count + 1)[count];
            var moved = 0;
            for (var i = 0; i < shards.Count; i++)
            {
                if (before[i] != after[i])
                {
                    Assert.Equal(added, after[i]);
                    moved++;
                }
            }

            var share = 2_000.0 / (count + 1);
            Assert.InRange(moved, share * 0.75, share * 1.25);
        }, iter: 100);

    [Fact]
    public void Weights_are_shares_and_zero_is_none()
    {
        var regions = Regions(3);
        var homes = Enumerable.Range(0, 20_000).Select(i => Rendezvous.Choose($"q-{i}", regions, region => region == regions[0] ? 3 : region == regions[1] ? 1 : 0)).ToList();
        Assert.InRange(homes.Count(home => home == regions[0]), 14_500, 15_500);
        Assert.DoesNotContain(regions[2], homes);
    }

    [Fact]
    public void Policies_choose_by_hash_prefix_and_group()
    {
        var map = new ShardMap(Regions(3), 64, 8);
        int Locate(IHomePolicy policy, string key) => map.Locate(ShardFamily.Quorum, policy.Choose(Encoding.UTF8.GetBytes(key), map.Regions));
        Assert.StartsWith("q-region-b-", map[Locate(new ByKeyPrefix(), "region-b~cart-7")].Name, StringComparison.Ordinal);
        Assert.InRange(Locate(new ByKeyPrefix(), "nowhere~cart-7"), 0, 63);
        Assert.Equal(Locate(new ByKeyHash(), "nowhere~cart-7"), Locate(new ByKeyPrefix(), "nowhere~cart-7"));
        Assert.Equal(Locate(new ByKeyGroup(), "tenant-42/cart-7"), Locate(new ByKeyGroup(), "tenant-42/cart-8"));
        Assert.Equal(Locate(new ByKeyHash(), "tenant-42"), Locate(new ByKeyGroup(), "tenant-42/cart-7"));
        Assert.Equal("q-region-c-", map[Locate(new LastRegion(), "x")].Name[..11]);
        Assert.True(Enumerable.Range(0, 2_000).Select(i => Locate(new ByKeyHash(), $"cart-{i}")).Distinct().Count() == 64);
    }

    [Fact]
    public void Locating_an_entity_allocates_nothing()
    {
        var map = new ShardMap(Regions(3), 64, 8);
        var policy = new ByKeyPrefix();
        var key = "region-b~cart-7"u8.ToArray();
        var sum = 0;
        for (var i = 0; i < 1_000; i++)
        {
            sum += map.Locate(ShardFamily.Quorum, policy.Choose(key, map.Regions));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            sum += map.Locate(ShardFamily.Region, policy.Choose(key, map.Regions));
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }

    [Fact]
    public void A_topology_changes_by_value_and_its_epochs_rise()
    {
        var first = WorldTopology.Initial(new ShardMap(Regions(3), 4, 1));
        var second = first.With(2, new HomeAssignment(new("region-a"), 2));
        Assert.Equal((1, 2), (first.Version, second.Version));
        Assert.Equal(1, first.HomeOf(2).Epoch);
        Assert.Equal(new FencingToken(new("region-a"), 2), second.HomeOf(2).Token);
        Assert.Equal(first.HomeOf(1), second.HomeOf(1));
        Assert.Throws<ArgumentException>(() => second.With(2, new HomeAssignment(new("region-b"), 2)));
        Assert.Throws<ArgumentException>(() => new WorldRegions([new("a"), new("a")]));
    }

    private sealed class LastRegion : IHomePolicy
    {
        public HomeChoice Choose(ReadOnlySpan<byte> key, WorldRegions regions) => HomeChoice.In(regions.Count - 1, key);
    }

    [Fact]
    public void The_regions_that_a_shard_was_taken_from_are_in_the_topology_until_its_home_says_that_it_noted_them()
    {
        var world = WorldTopology.Initial(new(new([new("region-a"), new("region-b"), new("region-c")]), 3, 1));
        var shard = Enumerable.Range(0, world.Map.Count).First(index => world.HomeOf(index).Region.Name == "region-a");
        var taken = TopologyChanges.TakeOver(world, new("region-a"), 0, static region => region.Name == "region-b", static _ => -1)!;
        var again = TopologyChanges.TakeOver(taken, new("region-b"), 0, static region => region.Name == "region-c", static _ => -1)!;
        var read = TopologyCodec.Decode(world.Map, TopologyCodec.Encode(again));
        Assert.True(read[shard].LeftBehind is var left && left.Contains(0) && left.Contains(1) && !left.Contains(2));
        Assert.Null(TopologyChanges.Settle(read, shard, world.HomeOf(shard)));
        var settled = TopologyChanges.Settle(read, shard, read.HomeOf(shard))!;
        Assert.True(TopologyCodec.Decode(world.Map, TopologyCodec.Encode(settled))[shard].LeftBehind.IsEmpty);
    }
}
