using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansGeo.Protocol.Deduplication;
using OrleansGeo.Protocol.Homes;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Moves;
using OrleansGeo.Protocol.Sharding;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Shards;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Runtime.Shards.Records;
using OrleansGeo.Storage.Memory;
using static OrleansGeo.Storage.Conformance.StoreSamples;

namespace OrleansGeo.Tests.Moves;

/// <summary>The steps of a move at two homes over a store in memory: what goes along, what stays, and that every step can be made again.</summary>
public sealed class HomeMovesTests : IAsyncLifetime
{
    private const string Entity = "t/e";
    private static readonly string[] Shards = ["q-01", "q-02", "q-03"];

    private readonly MemoryRegionStore _store = new(new MemoryRegionDisk());
    private readonly Dictionary<string, HomeShard> _homes = [];

    public async Task InitializeAsync()
    {
        await _store.OpenAsync(ThisWorld);
        foreach (var shard in Shards)
        {
            _homes[shard] = (await HomeShard.OpenAsync(
                new ShardId(shard), new(West, 1), ShardFamily.Quorum, new([West]), [], _store, false, static () => true, new GeoLimits(), TimeProvider.System, NullLogger.Instance, CancellationToken.None))!;
        }
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(_homes.Values.Select(static home => home.CloseAsync("the test is over")));
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_the_entity_was_and_what_is_remembered_of_its_requests_goes_along()
    {
        await WriteAsync("q-01", "a", "1", new(7, 1), "first");
        await WriteAsync("q-01", "b", "2", new(7, 2), "second");
        await MoveAsync(1, "q-01", "q-02");
        Assert.Equal(["a=1", "b=2"], await StatesAsync("q-02"));
        Assert.True(_homes["q-02"].TryFindAnswer(Entity, new(7, 1), out var answer));
        AnswerStamp.TryTake(answer.Answer, out var plain, out _);
        Assert.Equal("first", Encoding.UTF8.GetString(plain.Span));
        Assert.Equal(StageVerdict.Repeated, (await StageAsync("q-02", "a", "again", new(7, 2), "")).Verdict);
        await WriteAsync("q-02", "a", "3", new(7, 3), "third");
    }

    [Fact]
    public async Task Nothing_is_staged_for_an_entity_that_left_not_even_its_reminders()
    {
        await WriteAsync("q-01", "a", "1", new(7, 1), "");
        await MoveAsync(1, "q-01", "q-02");
        Assert.Equal(StageVerdict.Moved, (await StageAsync("q-01", "a", "late", new(7, 9), "")).Verdict);
        var reminder = await ReminderRecords.ChangeAsync(_homes["q-01"], Entity, static _ => [new StateChange("r", new byte[1])]);
        Assert.Equal(StageVerdict.Moved, reminder.Verdict);
        Assert.Equal(["a=1"], await StatesAsync("q-02"));
    }

    [Fact]
    public async Task Every_step_can_be_made_again_at_any_time_and_an_older_move_changes_nothing()
    {
        await WriteAsync("q-01", "a", "1", new(7, 1), "");
        await MoveAsync(1, "q-01", "q-02");
        await WriteAsync("q-02", "a", "2", new(7, 2), "");
        await MoveAsync(1, "q-01", "q-02");
        Assert.Equal(["a=2"], await StatesAsync("q-02"));
        await MoveAsync(2, "q-02", "q-03");
        await WriteAsync("q-03", "a", "3", new(7, 3), "");

        // Somebody who was asleep since the first move.
        await MoveAsync(1, "q-01", "q-02");
        Assert.Equal(StageVerdict.Moved, (await StageAsync("q-02", "a", "late", new(7, 9), "")).Verdict);
        Assert.Equal(MoveVerdict.Elsewhere, (await Moves("q-01").LeaveAsync(Wire(1, "q-01", "q-03"), true, LogPosition.Zero)).Verdict);
        Assert.Equal(new Residence(2, false, new("q-03"), new("q-02"), []).Shard, (await ResidenceAsync("q-01"))!.Shard);
        Assert.Equal(["a=3"], await StatesAsync("q-03"));
    }

    [Fact]
    public async Task An_entity_that_comes_back_is_as_it_was_elsewhere_and_knows_what_it_did_everywhere()
    {
        await WriteAsync("q-01", "a", "1", new(7, 1), "");
        await WriteAsync("q-01", "gone", "1", new(7, 2), "");
        await MoveAsync(1, "q-01", "q-02");
        await WriteAsync("q-02", "gone", null, new(7, 3), "");
        await WriteAsync("q-02", "new", "1", new(7, 4), "");
        await MoveAsync(2, "q-02", "q-01");
        Assert.Equal(["a=1", "new=1"], await StatesAsync("q-01"));
        Assert.All(Enumerable.Range(1, 4), request => Assert.True(_homes["q-01"].TryFindAnswer(Entity, new(7, (ulong)request), out _)));
        Assert.Equal(["q-02"], (await ResidenceAsync("q-01"))!.Via.Select(static via => via.Shard.Name));
    }

    /// <summary>A tag names an entity's version by the moves before it: what a request is told to have left must not become what came later.</summary>
    [Fact]
    public async Task What_a_request_left_is_remembered_of_it_wherever_the_entity_goes_and_when_it_comes_back()
    {
        var left = new Dictionary<ulong, (RecordVersion Version, long Moves)>();
        await WriteNextAsync("q-01", moves: 0);
        await WriteNextAsync("q-01", moves: 0);
        await MoveAsync(1, "q-01", "q-02");
        await ExpectAsync("q-02");
        await WriteNextAsync("q-02", moves: 1);
        await MoveAsync(2, "q-02", "q-03");
        await ExpectAsync("q-03");
        await WriteNextAsync("q-03", moves: 2);
        await MoveAsync(3, "q-03", "q-02");
        await ExpectAsync("q-02");
        await WriteNextAsync("q-02", moves: 3);
        await MoveAsync(4, "q-02", "q-01");
        await ExpectAsync("q-01");
        Assert.Equal(5, left.Values.Distinct().Count());

        async Task WriteNextAsync(string shard, long moves)
        {
            // As the gate records it: of an entity that was moved, how often.
            var request = (ulong)left.Count + 1;
            var answer = moves == 0 ? Encoding.UTF8.GetBytes("done") : AnswerStamp.Put(Encoding.UTF8.GetBytes("done"), new(null, moves));
            var staged = await StageAsync(shard, "a", $"{request}", new(7, request), answer);
            Assert.Equal(StageVerdict.Staged, staged.Verdict);
            await _homes[shard].WhenAcknowledgedAsync(staged.Position);
            left.Add(request, (staged.Version, moves));
        }

        async Task ExpectAsync(string shard)
        {
            var live = await _homes[shard].HoldAsync(Entity);
            _homes[shard].Release(live);
            foreach (var (request, expected) in left)
            {
                Assert.True(_homes[shard].TryFindAnswer(Entity, new(7, request), out var recorded));
                Assert.Equal(expected, recorded.LeftOf(live.Current!));
            }
        }
    }

    [Fact]
    public async Task More_remembered_requests_than_fit_a_message_go_along_by_pages()
    {
        for (var request = 1; request <= 40; request++)
        {
            await WriteAsync("q-01", "a", $"{request}", new(7, (ulong)request), new string('x', 32 * 1024));
        }

        var pages = 0;
        var wire = Wire(1, "q-01", "q-02");
        Assert.Equal(MoveVerdict.Done, await Moves("q-02").ArriveAsync(wire, after =>
        {
            pages++;
            return Moves("q-01").LeaveAsync(wire, true, after);
        }));
        Assert.True(pages > 2, $"{pages} pages");
        Assert.All(Enumerable.Range(1, 40), request => Assert.True(_homes["q-02"].TryFindAnswer(Entity, new(7, (ulong)request), out _)));
    }

    /// <summary>They can stage nothing any more: what they did is as lost on the first page as on the last.</summary>
    [Fact]
    public async Task Requests_that_were_inside_when_the_entity_left_are_not_waited_for_with_every_page()
    {
        var (wire, ages) = (Wire(1, "q-01", "q-02"), TimeSpan.FromMinutes(5));
        Assert.True(_homes["q-01"].Departures.TryEnter(Entity, mustFinish: false));
        Assert.Equal(MoveVerdict.Done, (await Moves("q-01").LeaveAsync(wire, true, LogPosition.Zero)).Verdict);
        var page = new HomeMoves(_homes["q-01"], ages).LeaveAsync(wire, true, LogPosition.Zero);
        Assert.Equal(MoveVerdict.Done, (await page.WaitAsync(TimeSpan.FromSeconds(30))).Verdict);
    }

    [Fact]
    public async Task The_shard_of_the_key_lists_what_is_elsewhere_and_no_older_move_lists_it_again()
    {
        await MoveAsync(1, "q-01", "q-02");
        await MoveAsync(2, "q-02", "q-03");
        Assert.Equal(("t/e", "q-03", 2), await OnlyPinAsync());
        Assert.Equal(MoveVerdict.Elsewhere, await Moves("q-01").PointAsync(Wire(1, "q-01", "q-02")));
        Assert.Equal(("t/e", "q-03", 2), await OnlyPinAsync());
        await MoveAsync(3, "q-03", "q-01");
        Assert.Equal(MoveVerdict.Elsewhere, await Moves("q-01").PointAsync(Wire(2, "q-02", "q-03")));
        Assert.Empty(await PinRecords.ReadAsync(_homes["q-01"], CancellationToken.None));
    }

    [Fact]
    public async Task An_entity_without_a_record_can_be_moved_before_it_is_first_written()
    {
        await MoveAsync(1, "q-01", "q-02");
        await WriteAsync("q-02", "a", "1", new(7, 1), "");
        Assert.Equal(["a=1"], await StatesAsync("q-02"));
    }

    private async Task<(string Entity, string Shard, long Generation)> OnlyPinAsync()
    {
        var (entity, pin) = Assert.Single(await PinRecords.ReadAsync(_homes["q-01"], CancellationToken.None));
        return (entity, pin.Shard.Name, pin.Generation);
    }

    private HomeMoves Moves(string shard) => new(_homes[shard], TimeSpan.Zero);

    private static MoveWire Wire(long generation, string from, string to) => new(Entity, generation, from, to);

    private async Task MoveAsync(long generation, string from, string to)
    {
        var move = Wire(generation, from, to);
        Assert.Equal(MoveVerdict.Done, await Moves(to).ArriveAsync(move, after => Moves(from).LeaveAsync(move, from == "q-01", after)));
        Assert.NotEqual(MoveVerdict.NotNow, await Moves("q-01").PointAsync(move));
    }

    private async Task WriteAsync(string shard, string state, string? value, RequestId request, string answer)
    {
        var staged = await StageAsync(shard, state, value, request, answer);
        Assert.Equal(StageVerdict.Staged, staged.Verdict);
        await _homes[shard].WhenAcknowledgedAsync(staged.Position);
    }

    private Task<StageResult> StageAsync(string shard, string state, string? value, RequestId request, string answer) =>
        StageAsync(shard, state, value, request, Encoding.UTF8.GetBytes(answer));

    private async Task<StageResult> StageAsync(string shard, string state, string? value, RequestId request, ReadOnlyMemory<byte> answer)
    {
        var live = await _homes[shard].HoldAsync(Entity);
        ImmutableArray<StateChange> changes = [new(state, value is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(value))];
        var staged = _homes[shard].Stage(new(live, live.Current!.Version, request, 0, changes, answer), out _);
        _homes[shard].Release(live);
        return staged;
    }

    private async Task<string[]> StatesAsync(string shard)
    {
        var live = await _homes[shard].HoldAsync(Entity);
        _homes[shard].Release(live);
        return
        [
            .. EntityMove.StatesOf(live.Current!).Select(static state => $"{state.Name}={Encoding.UTF8.GetString(state.Bytes!.Value.Span)}").Order(StringComparer.Ordinal),
        ];
    }

    private async Task<Residence?> ResidenceAsync(string shard) => (await Moves(shard).WhereAsync(Entity)).Read();
}
