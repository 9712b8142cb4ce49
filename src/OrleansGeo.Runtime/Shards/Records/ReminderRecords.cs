using System.Collections.Immutable;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Reminders;
using OrleansGeo.Runtime.Errors;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Shards.Records;

/// <summary>
/// Where an entity's reminders are: in a record of their own, beside the entity's, in the same shard. So they are replicated, promoted, handed
/// over, trimmed and copied like everything else. Each reminder is one state of it.
/// </summary>
/// <remarks>One record an entity, not one a shard: an entity whose reminders change costs what it has, and what it cleared is forgotten with the log.</remarks>
internal static class ReminderRecords
{
    /// <summary>What the names of these records begin with; what follows is the entity.</summary>
    public const string Prefix = "orleansgeo.reminders/";

    /// <summary>Whether a state of such a record is a reminder: of an entity that was moved, one says where it is.</summary>
    public static bool IsReminder(StateRecord state) => state.Bytes is not null && state.Name != Residence.StateName;

    /// <summary>Reminders as they are to stand in the shard that their entity goes to: with their registrations, whose handles stay good.</summary>
    public static IEnumerable<StateChange> ToCarry(EntityRecord reminders) => reminders.States
        .Where(IsReminder)
        .Select(static state => new StateChange(state.Name, ReminderCodec.Decode(state) is { } reminder ? ReminderCodec.Encode(reminder) : state.Bytes));

    /// <summary>An entity's reminders as this region shows them; at the home once they are acknowledged.</summary>
    /// <exception cref="ShardClosedException">The shard stopped acting here.</exception>
    public static async Task<EntityRecord> ReadAsync(Shard shard, string entity)
    {
        var record = await PeekAsync(shard, entity);
        if (shard is HomeShard home)
        {
            await home.WhenAcknowledgedAsync(record.Version.Position);
        }

        return record;
    }

    /// <summary>An entity's reminders, those included that are not acknowledged yet.</summary>
    public static ValueTask<EntityRecord> PeekAsync(Shard shard, string entity) => shard.PeekAsync(Prefix + entity);

    /// <summary>Changes an entity's reminders in one entry. Nothing is durable yet.</summary>
    /// <param name="home">The shard.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="change">What to change, given what there is; nothing: it is as it should be. May be asked again.</param>
    /// <returns>Where it stands in the log, or where that stands which made it unnecessary.</returns>
    public static async Task<StageResult> ChangeAsync(HomeShard home, string entity, Func<EntityRecord, ImmutableArray<StateChange>> change)
    {
        try
        {
            var live = await home.HoldAsync(Prefix + entity);
            try
            {
                for (; ; )
                {
                    var current = live.Current!;
                    var changes = change(current);
                    if (changes.IsEmpty)
                    {
                        return new(StageVerdict.Staged, current.Version.Position, current.Version);
                    }

                    var staged = home.Stage(new(live, current.Version, RequestId.None, 0, changes, default), out _);
                    if (staged.Verdict != StageVerdict.StaleRecord || live.IsClosed || !home.IsOpen)
                    {
                        return staged;
                    }
                }
            }
            finally
            {
                home.Release(live);
            }
        }
        catch (Exception exception) when (Shard.IsNotNow(exception))
        {
            return new(StageVerdict.StaleRecord, default, default);
        }
    }
}
