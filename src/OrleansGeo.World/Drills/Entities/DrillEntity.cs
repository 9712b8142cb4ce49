namespace OrleansGeo.World.Drills.Entities;

/// <inheritdoc cref="IDrillEntity"/>
/// <remarks>Like every grain it counts a request that comes twice twice: it is the request id that makes it count once, and that is what a drill is to prove.</remarks>
internal abstract class DrillEntity(IPersistentState<DrillState> drill) : Grain, IDrillEntity
{
    private const int MaxWriters = 64;

    public async ValueTask<long> Record(string writer, long sequence)
    {
        var writers = drill.State.Writers;
        if (!writers.TryGetValue(writer, out var ranges))
        {
            if (writers.Count == MaxWriters)
            {
                throw TooLarge($"has {MaxWriters} writers, which is its limit");
            }

            writers.Add(writer, ranges = []);
        }

        if (!SequenceRanges.TryAppend(ranges, sequence))
        {
            throw TooLarge($"has {SequenceRanges.MaxRanges} gaps in what '{writer}' recorded, which is its limit");
        }

        drill.State.Count++;
        await drill.WriteStateAsync();
        return drill.State.Count;
    }

    public ValueTask<DrillView> View() => new(new DrillView(
        drill.State.Count,
        [.. drill.State.Writers.OrderBy(static writer => writer.Key, StringComparer.Ordinal).Select(static writer => new WriterView(writer.Key, [.. writer.Value]))]));

    private GeoException TooLarge(string why) =>
        new(new(GeoErrorCode.TooLarge, $"The drill entity '{this.GetPrimaryKeyString()}' {why}: use another id."));
}
