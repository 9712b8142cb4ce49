using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

public sealed class RegisterReaderTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");

    private static AcceptorState State(long counter, string value) => new(default, counter == 0 ? Ballot.None : new(counter, A, 1), System.Text.Encoding.UTF8.GetBytes(value));

    [Fact]
    public void One_answer_is_no_majority_whatever_it_says()
    {
        Assert.Null(new RegisterReader(2).Receive(A, State(1, "x")));
        Assert.Null(new RegisterReader(2).Receive(A, AcceptorState.Empty));
    }

    [Fact]
    public void What_a_majority_holds_is_told_once()
    {
        var reader = new RegisterReader(2);
        Assert.Null(reader.Receive(A, State(1, "x")));
        Assert.Null(reader.Receive(A, State(1, "x")));
        Assert.NotNull(reader.Receive(B, State(1, "x")));
        Assert.Null(reader.Receive(C, State(1, "x")));
        Assert.Null(reader.Receive(C, State(2, "y")));
        Assert.NotNull(reader.Receive(A, State(2, "y")));
    }

    [Fact]
    public void A_register_that_was_never_written_is_news_too()
    {
        var reader = new RegisterReader(2);
        reader.Receive(A, AcceptorState.Empty);
        Assert.True(reader.Receive(B, AcceptorState.Empty) is { IsEmpty: true });
    }

    /// <summary>An answer that was overtaken does not count against what the same region said later.</summary>
    [Fact]
    public void A_late_answer_takes_nothing_back()
    {
        var reader = new RegisterReader(2);
        reader.Receive(A, State(2, "y"));
        Assert.Null(reader.Receive(A, State(1, "x")));
        Assert.NotNull(reader.Receive(B, State(2, "y")));
        Assert.Null(reader.Receive(C, State(1, "x")));
    }
}
