using System.Net;
using OrleansGeo.Runtime.Shards.Moves;
using OrleansGeo.Tests.Api;
using OrleansGeo.World.Moves;

namespace OrleansGeo.Tests.World.Moves;

public sealed class MoveEndpointsTests : IAsyncLifetime, IMoveSteps
{
    private LoopbackApp _app = null!;
    private int _kills;

    private event Action<MoveStep, string>? Passed;

    event Action<MoveStep, string>? IMoveSteps.Passed
    {
        add => Passed += value;
        remove => Passed -= value;
    }

    public async Task InitializeAsync()
    {
        var kill = new MoveKill(() => _kills++);
        kill.Watch(this);
        _app = await LoopbackApp.StartAsync(static _ => { }, app => app.MapMoves(kill));
    }

    public Task DisposeAsync() => _app.DisposeAsync().AsTask();

    [Theory]
    [InlineData(nameof(MoveStep.Left))]
    [InlineData(nameof(MoveStep.Arrived))]
    [InlineData(nameof(MoveStep.Pointed))]
    public async Task Kills_at_the_step_that_was_posted_and_at_no_other(string step)
    {
        PassAll();
        Assert.Equal(0, _kills);
        using (var armed = await PostAsync($$"""{"killAt":"{{step}}"}"""))
        {
            Assert.Equal(HttpStatusCode.OK, armed.StatusCode);
        }

        Assert.Equal($$"""{"killAt":"{{step}}"}""", await _app.Http.GetStringAsync("/dev/moves"));
        PassAll();
        Assert.Equal(1, _kills);
        using var disarmed = await PostAsync("""{"killAt":null}""");
        Assert.Equal("""{"killAt":null}""", await disarmed.Content.ReadAsStringAsync());
        PassAll();
        Assert.Equal(1, _kills);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "Left, Arrived, Pointed")]
    [InlineData("{}", "Left, Arrived, Pointed")]
    [InlineData("""{"killAt":"left"}""", "Left, Arrived, Pointed")]
    [InlineData("""{"killAt":0}""", "Left, Arrived, Pointed")]
    [InlineData("""{"killAt":"Left","entity":"x"}""", "Left, Arrived, Pointed")]
    public async Task Refuses_what_makes_no_sense_and_changes_nothing(string body, string says)
    {
        using var refused = await PostAsync(body);

        var problem = await refused.ShouldFail(HttpStatusCode.BadRequest, "InvalidDocument");
        Assert.Contains(says, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        PassAll();
        Assert.Equal(0, _kills);
    }

    private Task<HttpResponseMessage> PostAsync(string body) => _app.Http.Send(HttpMethod.Post, "/dev/moves", body, []);

    private void PassAll()
    {
        foreach (var step in Enum.GetValues<MoveStep>())
        {
            Passed?.Invoke(step, "document/a");
        }
    }
}
