using System.Text.Json;
using Orleans.Concurrency;
using Orleans.EventSourcing;
using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Providers;
using Orleans.Runtime;
using Orleans.Serialization.Invocation;
using Orleans.Transactions.Abstractions;
using OrleansGeo.Crdts;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Checks;

/// <summary>Each rule of what a geo grain class may be: what is refused when the silo starts, what it is told, and what is let through beside it.</summary>
public sealed class GrainClassTests
{
    [Theory]
    [InlineData(typeof(Unnamed), "parameter 's'", "the storage \"Default\"", "[PersistentState(\"s\", \"geo\")]")]
    [InlineData(typeof(Elsewhere), "parameter 's'", "the storage \"old\"", "geo.KeepLocal(\"old\")")]
    [InlineData(typeof(OfBase), "base class Grain<CartState>", "the storage \"Default\"", "[StorageProvider(ProviderName = \"geo\")]")]
    [InlineData(typeof(Twice), "parameter 'one' and parameter 'two'", "the state 's'", "a name of its own")]
    [InlineData(typeof(Journaled), "base class JournaledGrain", "log-consistency", "[PersistentState(\"…\", \"geo\")]")]
    [InlineData(typeof(Paying), "method IInTransaction.Pay", "[Transaction]", "Take the attribute off")]
    [InlineData(typeof(PayingState), "parameter 's'", "[TransactionalState]", "[PersistentState(\"…\", \"geo\")]")]
    [InlineData(typeof(Worker), "[StatelessWorker]", "active once", "Take [StatelessWorker] or [GeoGrain] off")]
    [InlineData(typeof(PlacedFirst), "[PreferLocalPlacement]", "silo of its shard", "Take the attribute off")]
    [InlineData(typeof(PlacedLast), "[RandomPlacement]", "silo of its shard", "Take the attribute off")]
    [InlineData(typeof(Filtered), "[AnyFilter]", "silo of its shard", "Take the attribute off")]
    [InlineData(typeof(Subscribed), "[ImplicitStreamSubscription]", "the region that produced them", "subscribe a plain grain")]
    [InlineData(typeof(Bound), "[ChannelLike]", "the region that produced them", "subscribe a plain grain")]
    [InlineData(typeof(Migrating), "IGrainMigrationParticipant", "lost on the way", "Keep it in a state")]
    [InlineData(typeof(Unmergeable), "parameter 's'", "not a CRDT", "take MultiWriter off")]
    [InlineData(typeof(UnmergedCrdt), "parameter 's'", "is a CRDT", "MultiWriter = true")]
    [InlineData(typeof(FollowingAll), "[GeoGrain]", "follows no writers", "Take MultiWriter or FollowWriters off")]
    [InlineData(typeof(Undurable), "[GeoGrain]", "0 is no durability", "Quorum, Region")]
    [InlineData(typeof(NoPolicy), "home policy System.String", "does not implement IHomePolicy", "ByKeyHash")]
    [InlineData(typeof(UnmadePolicy), "ClosedPolicy", "cannot be made", "public constructor")]
    [InlineData(typeof(ReentrantOne), "[Reentrant]", "beside each other", "AllowInterleavedWrites = true")]
    [InlineData(typeof(SometimesInterleaved), "[MayInterleave]", "beside each other", "AllowInterleavedWrites = true")]
    [InlineData(typeof(AlwaysInterleaved), "method IInterleaved.Signal", "beside each other", "[ReadOnly]")]
    [InlineData(typeof(Enumerating), "method IDrained.Drain", "changed by half", "Mark it [ReadOnly] if it only reads, or accept interleaving with [GeoGrain(…, AllowInterleavedWrites = true)]")]
    [InlineData(typeof(Gapped), "parameter 's', GappedState.Forgotten", "no [Id]", "[field: NonSerialized]")]
    [InlineData(typeof(Uncoded), "parameter 's', UncodedState.Shape", "no codec", "[GenerateSerializer]")]
    [InlineData(typeof(Underived), "parameter 's', DerivedState", "base class", "no [GenerateSerializer]")]
    [InlineData(typeof(Bounded), "parameter 's', BoundedState.Done", "lives in one process", "[field: NonSerialized]")]
    [InlineData(typeof(OddKeys), "parameter 's', OddKeysState.Places", "only text for keys", "[GenerateSerializer]")]
    [InlineData(typeof(AbstractState), "parameter 's'", "is abstract", "Use a class")]
    public void A_grain_class_that_cannot_work_is_refused_with_its_member_cause_and_remedy(Type type, string member, string cause, string remedy)
    {
        var line = Assert.Single(CheckedHost.Problems(type));
        Assert.StartsWith(type.FullName, line, StringComparison.Ordinal);
        Assert.Contains(member, line, StringComparison.Ordinal);
        Assert.Contains(cause, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.EndsWith(".", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(OfGeoBase))]
    [InlineData(typeof(Accepting))]
    [InlineData(typeof(AcceptingSometimes))]
    [InlineData(typeof(AcceptingAlways))]
    [InlineData(typeof(AcceptingEnumeration))]
    [InlineData(typeof(EnumeratingReads))]
    [InlineData(typeof(Box<>))]
    [InlineData(typeof(Varied))]
    [InlineData(typeof(PlainElsewhere))]
    public void A_grain_class_that_can_work_is_not_refused(Type type) => Assert.Empty(CheckedHost.Problems(type));

    [Fact]
    public void A_storage_that_is_declared_local_is_let_through()
    {
        using var host = CheckedHost.Build(static geo => geo.KeepLocal("old").UseMemory(), CheckedHost.Region, typeof(Elsewhere), typeof(Unnamed));
        Assert.StartsWith(typeof(Unnamed).FullName, Assert.Single(CheckedHost.Problems(host)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_with_ten_wrong_grain_types_does_not_start_and_lists_all_ten_with_remedies()
    {
        Type[] wrong =
        [
            typeof(Unnamed), typeof(OfBase), typeof(Twice), typeof(Journaled), typeof(Paying), typeof(Worker), typeof(PlacedFirst), typeof(Subscribed), typeof(ReentrantOne), typeof(Gapped),
        ];
        using var host = CheckedHost.Build(wrong);
        var failure = await Assert.ThrowsAsync<GeoException>(() => host.StartAsync());
        Assert.Equal(GeoErrorCode.InvalidConfiguration, failure.Code);
        Assert.Null(failure.InnerException);
        var lines = CheckedHost.LinesOf(failure);
        Assert.Equal(wrong.Length, lines.Length);
        Assert.All(wrong, type => Assert.Single(lines, line => line.StartsWith(type.FullName!, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(typeof(AcceptingSometimes))]
    [InlineData(typeof(PlacedFirst))]
    [InlineData(typeof(PlacedLast))]
    [InlineData(typeof(Balanced))]
    public void What_the_gate_depends_on_is_set_last_whatever_the_order_of_attributes(Type type)
    {
        using var host = CheckedHost.Build(type);
        var properties = GrainProperties.Of(host, type);
        Assert.Equal("true", properties[WellKnownGrainTypeProperties.Reentrant]);
        Assert.Equal(GeoGrainProperties.Placement, properties[WellKnownGrainTypeProperties.PlacementStrategy]);
        Assert.Equal(((byte)ImmovableKind.Any).ToString(System.Globalization.CultureInfo.InvariantCulture), properties[WellKnownGrainTypeProperties.Immovable]);
        Assert.DoesNotContain(WellKnownGrainTypeProperties.MayInterleavePredicate, properties.Keys);
        Assert.Equal(type == typeof(AcceptingSometimes) ? "true" : "false", properties[GeoGrainProperties.InterleavedWrites]);
    }

    private abstract class Told : Grain, ITold
    {
        public Task Tell(string text) => Task.CompletedTask;
    }

    [GrainType("test.wrong.unnamed"), GeoGrain(Durability.Quorum)]
    private sealed class Unnamed([PersistentState("s")] IPersistentState<CartState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.elsewhere"), GeoGrain(Durability.Quorum)]
    private sealed class Elsewhere([PersistentState("s", "old")] IPersistentState<CartState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    /// <summary>Not a geo grain.</summary>
    [GrainType("test.right.plainelsewhere"), StatelessWorker]
    private sealed class PlainElsewhere([PersistentState("s", "old")] IPersistentState<CartState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.ofbase"), GeoGrain(Durability.Quorum)]
    private sealed class OfBase : Grain<CartState>, ITold
    {
        public Task Tell(string text) => WriteStateAsync();
    }

    [GrainType("test.right.ofbase"), GeoGrain(Durability.Quorum), StorageProvider(ProviderName = "geo")]
    private sealed class OfGeoBase : Grain<CartState>, ITold
    {
        public Task Tell(string text) => WriteStateAsync();
    }

    [GrainType("test.wrong.twice"), GeoGrain(Durability.Quorum)]
    private sealed class Twice([PersistentState("s", "geo")] IPersistentState<CartState> one, [PersistentState("s", "geo")] IPersistentState<CartState> two) : Told
    {
        public override string ToString() => $"{one.Etag} {two.Etag}";
    }

    [GrainType("test.wrong.journaled"), GeoGrain(Durability.Quorum)]
    private sealed class Journaled : JournaledGrain<CartState>, ITold
    {
        public Task Tell(string text) => ConfirmEvents();
    }

    [GrainType("test.wrong.paying"), GeoGrain(Durability.Quorum)]
    private sealed class Paying : Grain, IInTransaction
    {
        public Task Pay() => Task.CompletedTask;
    }

    [GrainType("test.wrong.payingstate"), GeoGrain(Durability.Quorum)]
    private sealed class PayingState([TransactionalState("s")] ITransactionalState<CartState> s) : Told
    {
        public override string ToString() => s.ToString()!;
    }

    [GrainType("test.wrong.worker"), GeoGrain(Durability.Quorum), StatelessWorker]
    private sealed class Worker : Told;

    [GrainType("test.wrong.placedfirst"), PreferLocalPlacement, GeoGrain(Durability.Quorum)]
    private sealed class PlacedFirst : Told;

    [GrainType("test.wrong.placedlast"), GeoGrain(Durability.Quorum), RandomPlacement]
    private sealed class PlacedLast : Told;

    [GrainType("test.right.balanced"), GeoGrain(Durability.Quorum), Immovable(ImmovableKind.Rebalancer)]
    private sealed class Balanced : Told;

    [GrainType("test.wrong.filtered"), GeoGrain(Durability.Quorum), AnyFilter]
    private sealed class Filtered : Told;

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class AnyFilterAttribute() : PlacementFilterAttribute(new AnyFilter());

    private sealed class AnyFilter() : PlacementFilterStrategy(order: 0);

    [GrainType("test.wrong.subscribed"), GeoGrain(Durability.Quorum), ImplicitStreamSubscription("orders")]
    private sealed class Subscribed : Told;

    [GrainType("test.wrong.bound"), GeoGrain(Durability.Quorum), ChannelLike]
    private sealed class Bound : Told;

    /// <summary>As Orleans' implicit subscriptions to broadcast channels, whose package is not referenced here.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    private sealed class ChannelLikeAttribute : Attribute, IGrainBindingsProviderAttribute
    {
        public IEnumerable<Dictionary<string, string?>> GetBindings(IServiceProvider services, Type grainClass, GrainType grainType) => [];
    }

    [GrainType("test.wrong.migrating"), GeoGrain(Durability.Quorum)]
    private sealed class Migrating : Told, IGrainMigrationParticipant
    {
        public void OnDehydrate(IDehydrationContext dehydrationContext)
        {
        }

        public void OnRehydrate(IRehydrationContext rehydrationContext)
        {
        }
    }

    [GrainType("test.wrong.unmergeable"), GeoGrain(Durability.Quorum, MultiWriter = true)]
    private sealed class Unmergeable([PersistentState("s", "geo")] IPersistentState<CartState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.unmergedcrdt"), GeoGrain(Durability.Quorum)]
    private sealed class UnmergedCrdt([PersistentState("s", "geo")] IPersistentState<PNCounter> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.followingall"), GeoGrain(Durability.Quorum, MultiWriter = true, FollowWriters = true)]
    private sealed class FollowingAll : Told;

    [GrainType("test.wrong.undurable"), GeoGrain(default)]
    private sealed class Undurable : Told;

    [GrainType("test.wrong.nopolicy"), GeoGrain(Durability.Quorum, HomePolicy = typeof(string))]
    private sealed class NoPolicy : Told;

    [GrainType("test.wrong.unmadepolicy"), GeoGrain(Durability.Quorum, HomePolicy = typeof(ClosedPolicy))]
    private sealed class UnmadePolicy : Told;

    [GrainType("test.wrong.reentrant"), GeoGrain(Durability.Quorum), Reentrant]
    private sealed class ReentrantOne : Told;

    [GrainType("test.right.reentrant"), GeoGrain(Durability.Quorum, AllowInterleavedWrites = true), Reentrant]
    private sealed class Accepting : Told;

    [GrainType("test.wrong.sometimes"), GeoGrain(Durability.Quorum), MayInterleave(nameof(May))]
    private sealed class SometimesInterleaved : Told
    {
        public static bool May(IInvokable request) => request.GetArgumentCount() > 0;
    }

    [GrainType("test.right.sometimes"), GeoGrain(Durability.Quorum, AllowInterleavedWrites = true), MayInterleave(nameof(May))]
    private sealed class AcceptingSometimes : Told
    {
        public static bool May(IInvokable request) => request.GetArgumentCount() > 0;
    }

    [GrainType("test.wrong.always"), GeoGrain(Durability.Quorum)]
    private sealed class AlwaysInterleaved : Grain, IInterleaved
    {
        public Task Signal() => Task.CompletedTask;

        public Task Look() => Task.CompletedTask;
    }

    [GrainType("test.right.always"), GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
    private sealed class AcceptingAlways : Grain, IInterleaved
    {
        public Task Signal() => Task.CompletedTask;

        public Task Look() => Task.CompletedTask;
    }

    [GrainType("test.wrong.enumerating"), GeoGrain(Durability.Quorum)]
    private sealed class Enumerating : Parted, IDrained
    {
        public IAsyncEnumerable<string> Drain() => Parts();
    }

    [GrainType("test.right.enumerating"), GeoGrain(Durability.Quorum, AllowInterleavedWrites = true)]
    private sealed class AcceptingEnumeration : Parted, IDrained
    {
        public IAsyncEnumerable<string> Drain() => Parts();
    }

    [GrainType("test.right.enumeratingreads"), GeoGrain(Durability.Quorum)]
    private sealed class EnumeratingReads : Parted;

    private abstract class Parted : Grain, IReadInParts
    {
        public IAsyncEnumerable<string> Parts() => AsyncEnumerable.Empty<string>();
    }

    [GrainType("test.wrong.gapped"), GeoGrain(Durability.Quorum)]
    private sealed class Gapped([PersistentState("s", "geo")] IPersistentState<GappedState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.uncoded"), GeoGrain(Durability.Quorum)]
    private sealed class Uncoded([PersistentState("s", "geo")] IPersistentState<UncodedState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.underived"), GeoGrain(Durability.Quorum)]
    private sealed class Underived([PersistentState("s", "geo")] IPersistentState<DerivedState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.wrong.bounded"), GeoGrain(Durability.Quorum)]
    private sealed class Bounded([PersistentState("s", "geo")] IPersistentState<BoundedState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    private sealed class BoundedState
    {
        public Task? Done { get; set; }
    }

    [GrainType("test.wrong.oddkeys"), GeoGrain(Durability.Quorum)]
    private sealed class OddKeys([PersistentState("s", "geo")] IPersistentState<OddKeysState> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    private sealed class OddKeysState
    {
        public Dictionary<Circle, int> Places { get; } = [];
    }

    [GrainType("test.wrong.abstractstate"), GeoGrain(Durability.Quorum)]
    private sealed class AbstractState([PersistentState("s", "geo")] IPersistentState<IShape> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.right.box`1"), GeoGrain(Durability.Quorum)]
    private sealed class Box<T>([PersistentState("s", "geo")] IPersistentState<T> s) : Told
    {
        public override string ToString() => s.Etag ?? "";
    }

    [GrainType("test.right.varied"), GeoGrain(Durability.Quorum)]
    private sealed class Varied([PersistentState("s", "geo")] IPersistentState<VariedState> s, [PersistentState("d", "geo")] IPersistentState<PlainAccountState> d) : Told
    {
        public override string ToString() => $"{s.Etag} {d.Etag}";
    }

    private sealed class VariedState
    {
        public JsonElement Element { get; set; }

        public IReadOnlyDictionary<Guid, Circle[]> Shapes { get; init; } = new Dictionary<Guid, Circle[]>();

        [field: NonSerialized]
        public Task? Done { get; set; }
    }

    private sealed class ClosedPolicy : IHomePolicy
    {
        private ClosedPolicy()
        {
        }

        public HomeChoice Choose(ReadOnlySpan<byte> key, OrleansGeo.WorldRegions regions) => default;
    }
}
