using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Protocol.Control;

public sealed class RegisterReaderTests
{
    private static readonly RegionId A = new("a"), B = new("b"), C = new("c");

    private static RegisterReply State(long counter, string value, bool isProven = true) =>
        new(true, new(default, counter == 0 ? Ballot.None : new(counter, A, 1), System.Text.Encoding.UTF8.GetBytes(value)), default, isProven);

    [Fact]
    public void One_answer_is_no_majority_whatever_it_says()
    {
        Assert.Null(new RegisterReader(new(3)).Receive(A, State(1, "x")));
        Assert.Null(new RegisterReader(new(3)).Receive(A, new(true, AcceptorState.Empty, default)));
    }

    [Fact]
    public void What_a_majority_holds_is_told_once()
    {
        var reader = new RegisterReader(new(3));
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
        var reader = new RegisterReader(new(3));
        reader.Receive(A, new(true, AcceptorState.Empty, default));
        Assert.True(reader.Receive(B, new(true, AcceptorState.Empty, default)) is { IsEmpty: true });
    }

    /// <summary>An answer that was overtaken does not count against what the same region said later.</summary>
    [Fact]
    public void A_late_answer_takes_nothing_back()
    {
        var reader = new RegisterReader(new(3));
        reader.Receive(A, State(2, "y"));
        Assert.Null(reader.Receive(A, State(1, "x")));
        Assert.NotNull(reader.Receive(B, State(2, "y")));
        Assert.Null(reader.Receive(C, State(1, "x")));
    }

    /// <summary>It may have accepted a newer ballot and forgotten that, and taken this one since.</summary>
    [Fact]
    public void What_an_acceptor_holds_that_may_have_forgotten_is_no_vote()
    {
        var reader = new RegisterReader(new(3));
        reader.Receive(A, State(1, "x"));
        Assert.Null(reader.Receive(B, State(1, "x", isProven: false)));
        Assert.NotNull(reader.Receive(B, State(1, "x")));
    }

    [Fact]
    public void What_a_whole_store_accepted_counts_also_when_it_starts_again()
    {
        var reader = new RegisterReader(new(3));
        reader.Receive(A, State(1, "x"));
        reader.Receive(A, State(1, "x", isProven: false));
        Assert.NotNull(reader.Receive(B, State(1, "x")));

        reader = new(new(3));
        reader.Receive(A, State(1, "x"));
        reader.Receive(A, State(2, "y", isProven: false));
        Assert.Null(reader.Receive(B, State(2, "y")));
    }

    [Fact]
    public void What_all_hold_is_decided_although_each_may_have_forgotten()
    {
        var reader = new RegisterReader(new(3));
        reader.Receive(A, State(1, "x", isProven: false));
        Assert.Null(reader.Receive(B, State(1, "x", isProven: false)));
        Assert.NotNull(reader.Receive(C, State(1, "x", isProven: false)));
    }
}
