using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Protocol.Replication;

/// <summary>How far a copy of records, asked for by pages, has come. A page may end within a record, of which it has the first states by name.</summary>
/// <remarks>Names, not numbers: between two pages the source's store may drop states of the record, or get others.</remarks>
/// <param name="After">The records after this entity are asked for; null: from the first.</param>
/// <param name="Entity">The first of them, of which something came; null: of none.</param>
/// <param name="State">The last of its states that came.</param>
internal readonly record struct CopyCursor(string? After, string? Entity, string? State)
{
    /// <summary>What has not come yet of the records that the source has after <see cref="After"/>, the states of each by name.</summary>
    public IEnumerable<(string Entity, EntityRecord Record)> Left(IEnumerable<(string Entity, EntityRecord Record)> records)
    {
        foreach (var (entity, record) in records)
        {
            var states = entity == Entity && State is { } came ? record.States.RemoveAll(state => string.CompareOrdinal(state.Name, came) <= 0) : record.States;
            yield return (entity, new(states.Sort(static (one, other) => string.CompareOrdinal(one.Name, other.Name))));
        }
    }

    /// <param name="came">The states that came, by entity and name, in order.</param>
    /// <returns>Null: that was all.</returns>
    public CopyCursor? Next(IReadOnlyList<(string Entity, string State)> came)
    {
        if (came.Count == 0)
        {
            // Of a record that fills a page, what follows it is only asked for now.
            return Entity is null ? null : new(Entity, null, null);
        }

        var (last, state) = came[^1];
        return last == Entity ? this with { State = state }
            : new(came.LastOrDefault(part => part.Entity != last).Entity ?? Entity ?? After, last, state);
    }
}
