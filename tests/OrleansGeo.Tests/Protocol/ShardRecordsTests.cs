using System.Runtime.InteropServices;
using CsCheck;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Records;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class ShardRecordsTests
{
    private enum Step
    {
        Apply,
        BeginLoad,
        ReadStore,
        EndLoad,
        Checkpoint,
        ConfirmCheckpoint,
        Release,
    }

    /// <summary>On a replica, what an activation holds was decoded from a row, of which it may be a small part.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_held_record_keeps_no_row_in_memory(bool isHeldBefore)
    {
        var records = new ShardRecords();
        var row = new byte[100_000];
        var entry = new LogEntry
        {
            Kind = EntryKind.Write,
            Position = At(1),
            Entity = "e",
            EntityVersion = new(1, At(1)),
            Changes = [new("small", new(1, At(1)), row.AsMemory(5, 3)), new("cleared", new(1, At(1)), null), new("empty", new(1, At(1)), row.AsMemory(7, 0))],
        };
        var live = isHeldBefore ? Hold() : null;
        records.Apply(entry);
        live ??= Hold();
        Assert.Equal([3, null, 0], live.Current!.States.Select(static state => state.Bytes?.Length));
        foreach (var state in live.Current.States.Concat(records.ChangesOf("e")["e"].States))
        {
            Assert.False(state.Bytes is { } bytes && MemoryMarshal.TryGetArray(bytes, out var part) && ReferenceEquals(part.Array, row));
        }

        LiveRecord Hold()
        {
            var held = records.Hold("e");
            ShardRecords.Loaded(held, EntityRecord.Empty);
            return held;
        }
    }

    /// <summary>A load that races with changes and checkpoints, in every order: what an activation holds is always what a model says.</summary>
    [Fact]
    public void A_load_misses_nothing_however_it_races() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 1], Gen.Int[0, 1]).Array[1, 60].Sample(static steps =>
        {
            var records = new ShardRecords();
            var model = new Dictionary<(string Entity, string State), RecordVersion>();
            var log = new List<LogEntry>();
            var stored = new Dictionary<string, EntityRecord>();
            var (checkpoint, confirmed) = (0, 0);
            var loads = new Dictionary<string, (LiveRecord Live, EntityRecord? Read)>();
            foreach (var (step, entityNumber, stateNumber) in steps)
            {
                var entity = $"e{entityNumber}";
                switch ((Step)step)
                {
                    case Step.Apply:
                        var entry = Write(1, log.Count + 1, entity, $"s{stateNumber}");
                        log.Add(entry);
                        records.Apply(entry);
                        model[(entity, $"s{stateNumber}")] = entry.EntityVersion;
                        break;
                    case Step.BeginLoad when !loads.ContainsKey(entity):
                        loads.Add(entity, (records.Hold(entity), null));
                        break;
                    case Step.ReadStore when loads.TryGetValue(entity, out var load) && load.Read is null:
                        loads[entity] = load with { Read = stored.GetValueOrDefault(entity, EntityRecord.Empty) };
                        break;
                    case Step.EndLoad when loads.TryGetValue(entity, out var load) && load.Read is { } read:
                        ShardRecords.Loaded(load.Live, read);
                        break;
                    case Step.Checkpoint:
                        foreach (var change in log.Skip(checkpoint))
                        {
                            stored[change.Entity] = new EntityRecord(change.Changes).Over(stored.GetValueOrDefault(change.Entity, EntityRecord.Empty));
                        }

                        checkpoint = log.Count;
                        break;
                    case Step.ConfirmCheckpoint:
                        confirmed = checkpoint;
                        records.Checkpointed(["e0", "e1"], At(confirmed));
                        break;
                    case Step.Release when loads.Remove(entity, out var load):
                        records.Release(load.Live, At(confirmed));
                        break;
                }

                foreach (var (name, (live, _)) in loads)
                {
                    if (live.Current is { } current)
                    {
                        Assert.Equal(
                            model.Where(pair => pair.Key.Entity == name).Select(static pair => (pair.Key.State, pair.Value)).Order(),
                            current.States.Select(static state => (state.Name, state.Version)).Order());
                    }
                }
            }

            records.Checkpointed(["e0", "e1"], At(log.Count));
            Assert.Equal(loads.Count, records.Count);
        }, iter: 3_000);

    [Fact]
    public void A_closed_record_says_so()
    {
        var records = new ShardRecords();
        var live = records.Hold("e");
        records.Close();
        Assert.True(live.IsClosed);
        Assert.NotSame(live, records.Hold("e"));
    }

    [Fact]
    public void Of_every_state_the_newer_version_stays()
    {
        var newer = new EntityRecord([new("a", new(1, At(3)), new byte[] { 3 })]);
        var older = new EntityRecord([new("a", new(1, At(1)), new byte[] { 1 }), new("b", new(1, At(2)), default(ReadOnlyMemory<byte>?))]);
        foreach (var merged in new[] { newer.Over(older), older.Over(newer) })
        {
            Assert.Equal(new(1, At(3)), merged.Version);
            Assert.Equal(new(1, At(3)), merged.Find("a")!.Version);
            Assert.Equal(new(1, At(2)), merged.Find("b")!.Version);
        }

        Assert.Null(older.WithoutTombstones(At(2)).Find("b")?.Bytes);
        Assert.Equal(older.Version, older.WithoutTombstones(At(2)).Version);
        Assert.Null(newer.Over(older).WithoutTombstones(At(2)).Find("b"));
        Assert.Empty(new EntityRecord([new("b", new(1, At(2)), default(ReadOnlyMemory<byte>?))]).WithoutTombstones(At(2)).States);
    }
}
