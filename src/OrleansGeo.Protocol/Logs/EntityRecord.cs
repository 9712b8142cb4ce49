using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>All states of one entity. Its version is that of the state that changed last.</summary>
public sealed class EntityRecord
{
    /// <summary>The record of an entity that was never written.</summary>
    public static EntityRecord Empty { get; } = new([]);

    /// <summary>Makes a record of its states.</summary>
    /// <param name="states">The states, each name at most once; those that were cleared without bytes.</param>
    public EntityRecord(ImmutableArray<StateRecord> states)
    {
        States = states;
        foreach (var state in states)
        {
            Version = state.Version.CompareTo(Version) > 0 ? state.Version : Version;
            Residence = state.Name == Moves.Residence.StateName ? state : Residence;
        }
    }

    /// <summary>The states, each name at most once, tombstones included.</summary>
    public ImmutableArray<StateRecord> States { get; }

    /// <summary>The highest version of the states; <see cref="RecordVersion.None"/> when there are none.</summary>
    public RecordVersion Version { get; }

    /// <summary>Of an entity that was moved: the state that says where it is (<see cref="Moves.Residence"/>).</summary>
    public StateRecord? Residence { get; }

    /// <summary>The state with this name, also if it is a tombstone; null when the record has none. Names are compared by their characters alone.</summary>
    public StateRecord? Find(string name)
    {
        foreach (var state in States)
        {
            if (state.Name == name)
            {
                return state;
            }
        }

        return null;
    }

    /// <summary>This record laid over <paramref name="older"/>: of every state, the newer version.</summary>
    public EntityRecord Over(EntityRecord older)
    {
        if (older.States.IsEmpty || (older.States.Length == 1 && States.Length == 1 && States[0].Name == older.States[0].Name && older.Version <= Version))
        {
            return this;
        }

        if (States.IsEmpty)
        {
            return older;
        }

        var merged = older.States.ToBuilder();
        foreach (var state in States)
        {
            var at = IndexOf(merged, state.Name);
            if (at < 0)
            {
                merged.Add(state);
            }
            else if (merged[at].Version <= state.Version)
            {
                merged[at] = state;
            }
        }

        return new(merged.ToImmutable());
    }

    /// <summary>This record without the tombstones of states that were cleared up to <paramref name="through"/>, as trimming leaves it.</summary>
    /// <remarks>A tombstone that carries the record's version stays while another state lives: a version that fell back would match an older ETag.</remarks>
    public EntityRecord WithoutTombstones(LogPosition through)
    {
        var kept = States.RemoveAll(state => state.Bytes is null && state.Version.Position <= through);
        if (kept.Length == States.Length)
        {
            return this;
        }

        return kept.IsEmpty ? Empty : new(States.RemoveAll(state => state.Bytes is null && state.Version.Position <= through && state.Version < Version));
    }

    /// <summary>This record without bytes that are small parts of rows (<see cref="StateRecord.Owned"/>); the same one if there are none.</summary>
    internal EntityRecord Owned()
    {
        ImmutableArray<StateRecord>.Builder? owned = null;
        for (var i = 0; i < States.Length; i++)
        {
            if (States[i].Owned() is var state && !ReferenceEquals(state, States[i]))
            {
                owned ??= States.ToBuilder();
                owned[i] = state;
            }
        }

        return owned is null ? this : new(owned.MoveToImmutable());
    }

    private static int IndexOf(ImmutableArray<StateRecord>.Builder states, string name)
    {
        for (var i = 0; i < states.Count; i++)
        {
            if (states[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }
}
