using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo.Tests.Protocol.Sessions;

public sealed class SessionFloorTests
{
    /// <summary>Epoch 1 wrote 1-10, epoch 3 from 11 on.</summary>
    private static readonly EpochTable Epochs = new([new(1, new(1)), new(3, new(11))]);

    [Theory]
    [InlineData(1, 5, 20, nameof(FloorVerdict.Satisfied))]
    [InlineData(3, 15, 15, nameof(FloorVerdict.Satisfied))]
    [InlineData(3, 15, 14, nameof(FloorVerdict.NotYet))]
    [InlineData(1, 10, 9, nameof(FloorVerdict.NotYet))]
    [InlineData(4, 12, 20, nameof(FloorVerdict.NotYet))]
    [InlineData(1, 11, 20, nameof(FloorVerdict.Lost))]
    [InlineData(1, 12, 5, nameof(FloorVerdict.Lost))]
    [InlineData(2, 11, 20, nameof(FloorVerdict.Lost))]
    [InlineData(2, 10, 20, nameof(FloorVerdict.NotYet))]
    public void What_a_session_saw_is_there_or_not_yet_or_lost(long epoch, long position, long shown, string expected) =>
        Assert.Equal(expected, SessionFloor.Check(new(epoch, new(position)), Epochs, new(shown)).ToString());

    [Fact]
    public void A_session_that_saw_nothing_is_satisfied_by_an_empty_log() =>
        Assert.Equal(FloorVerdict.Satisfied, SessionFloor.Check(RecordVersion.None, EpochTable.Empty, LogPosition.Zero));

    [Fact]
    public void The_newest_that_was_seen_counts()
    {
        var floors = SessionFloors.Empty.Raise(At(1, 1, 5), true).Raise(At(1, 1, 3), true);
        Assert.Equal(new RecordVersion(1, new(5)), floors.Find(1));
        Assert.Equal(new RecordVersion(2, new(7)), floors.Raise(At(1, 2, 7), isChecked: true).Find(1));
    }

    [Fact]
    public void What_may_be_lost_is_not_forgotten_for_an_unchecked_read_of_a_newer_epoch() =>
        Assert.Equal(new RecordVersion(1, new(5)), SessionFloors.Empty.Raise(At(1, 1, 5), true).Raise(At(1, 2, 9), isChecked: false).Find(1));

    [Fact]
    public void Told_of_a_loss_a_session_goes_on_from_what_survived() =>
        Assert.Equal(new RecordVersion(2, new(4)), SessionFloors.Empty.Raise(At(1, 1, 5), true).Repair(At(1, 2, 4)).Find(1));

    [Fact]
    public void A_full_session_forgets_the_shard_that_was_not_seen_for_longest_and_says_so()
    {
        var floors = SessionFloors.Empty;
        for (var shard = 0; shard < SessionFloors.Limit; shard++)
        {
            floors = floors.Raise(At(shard, 1, 1), true);
        }

        Assert.False(floors.HasForgotten);
        floors = floors.Raise(At(0, 1, 1), true).Raise(At(1000, 1, 1), true);
        Assert.True(floors.HasForgotten);
        Assert.Equal(SessionFloors.Limit, floors.All.Length);
        Assert.NotNull(floors.Find(0));
        Assert.Null(floors.Find(1));
    }

    private static SessionFloor At(int shard, long epoch, long position) => new(shard, new(epoch, new(position)));
}
