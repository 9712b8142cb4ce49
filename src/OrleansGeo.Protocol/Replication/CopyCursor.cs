namespace OrleansGeo.Protocol.Replication;

/// <summary>How far a copy of records, asked for by pages, has come. A page may end within a record.</summary>
/// <param name="After">The records after this entity are asked for; null: from the first.</param>
/// <param name="Entity">The first of them, of which something came; null: of none.</param>
/// <param name="Skip">How many of its states came.</param>
public readonly record struct CopyCursor(string? After, string? Entity, int Skip)
{
    /// <param name="entities">The entities of the states that came, in order.</param>
    /// <returns>Null: that was all.</returns>
    public CopyCursor? Next(IReadOnlyList<string> entities)
    {
        if (entities.Count == 0)
        {
            // Of a record that fills a page, what follows it is only asked for now.
            return Entity is null ? null : new(Entity, null, 0);
        }

        var last = entities[^1];
        var ofLast = entities.Count(entity => entity == last);
        return last == Entity ? this with { Skip = Skip + ofLast }
            : new((ofLast < entities.Count ? entities[^(ofLast + 1)] : null) ?? Entity ?? After, last, ofLast);
    }
}
