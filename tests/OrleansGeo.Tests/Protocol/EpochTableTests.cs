using CsCheck;
using OrleansGeo.Protocol.Logs;
using static OrleansGeo.Tests.Protocol.Entries;

namespace OrleansGeo.Tests.Protocol;

public sealed class EpochTableTests
{
    private static EpochTable Of(long[] epochs)
    {
        var table = EpochTable.Empty;
        for (var i = 0; i < epochs.Length; i++)
        {
            table = table.Append(epochs[i], At(i + 1));
        }

        return table;
    }

    private static readonly Gen<long[]> Log = Gen.Int[0, 2].Array[0, 20].Select(static steps => steps.Aggregate(
        (Epoch: 1L, Log: new List<long>()), static (state, step) => (state.Epoch + (step == 2 ? 1 : 0), [.. state.Log, state.Epoch + (step == 2 ? 1 : 0)]), static state => state.Log.ToArray()));

    [Fact]
    public void It_says_what_the_log_says() => Log.Sample(log =>
    {
        var table = Of(log);
        for (var i = 0; i < log.Length; i++)
        {
            Assert.Equal(log[i], table.EpochAt(At(i + 1)));
            Assert.Equal(Array.IndexOf(log, log[i]) + 1, table.StartOf(At(i + 1)).Value);
            Assert.Equal(Array.FindLastIndex(log, epoch => epoch <= log[i]) + 1, table.EndOf(log[i], At(log.Length)).Value);
            Assert.Equal(Of(log[..i]).Starts.ToArray(), table.Cut(At(i)).Starts.ToArray());
        }

        Assert.Equal(0, table.EpochAt(At(0)));
    });

    /// <summary>Two logs that grew from one: the common part is the longest one in which every epoch is equal.</summary>
    [Fact]
    public void The_common_part_of_two_logs_is_found_by_epochs_alone() => Gen.Select(Log, Log, Log).Sample((common, left, right) =>
    {
        var highest = common.Length == 0 ? 0 : common[^1];
        long[] one = [.. common, .. left.Select(epoch => highest + (2 * epoch))];
        long[] other = [.. common, .. right.Select(epoch => highest + (2 * epoch) + 1)];
        Assert.Equal(common.Length, Of(one).CommonWith(Of(other), At(one.Length), At(other.Length)).Value);
        Assert.Equal(common.Length, Of(other).CommonWith(Of(one), At(other.Length), At(one.Length)).Value);
        Assert.Equal(one.Length, Of(one).CommonWith(Of(one), At(one.Length), At(one.Length)).Value);
    });

    [Fact]
    public void Epochs_and_positions_rise()
    {
        Assert.Throws<ArgumentException>(() => new EpochTable([new(2, At(1)), new(1, At(2))]));
        Assert.Throws<ArgumentException>(() => new EpochTable([new(1, At(2)), new(2, At(2))]));
    }
}
