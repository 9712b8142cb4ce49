using System.Collections.Immutable;

namespace OrleansGeo.Protocol.Logs;

/// <summary>All states of one entity. Its version is that of the state that changed last.</summary>
public sealed class EntityRecord
{
    public static EntityRecord Empty { get; } = new([]);

    public EntityRecord(ImmutableArray<StateRecord> states)
    {
        States = states;
        foreach (var state in states)
        {
            Version = state.Version.CompareTo(Version) > 0 ? state.Version : Version;
        }
    }

    public ImmutableArray<StateRecord> States { get; }

    public RecordVersion Version { get; }

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

    /// <summary>This record with <paramref name="changes"/> over it.</summary>
    public EntityRecord With(ImmutableArray<StateRecord> changes)
    {
        if (States.IsEmpty || States.Length == 1 && changes.Length == 1 && States[0].Name == changes[0].Name)
        {
            return new(changes);
        }

        var builder = States.ToBuilder();
        foreach (var change in changes)
        {
            var at = IndexOf(builder, change.Name);
            if (at < 0)
            {
                builder.Add(change);
            }
            else
            {
                builder[at] = change;
            }
        }

        return new(builder.ToImmutable());
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
