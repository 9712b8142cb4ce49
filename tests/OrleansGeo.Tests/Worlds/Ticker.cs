using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansGeo.Runtime.Configuration;

namespace OrleansGeo.Tests.Worlds;

[GenerateSerializer]
[Alias("test.tickerstate")]
public sealed class TickerState
{
    [Id(0)]
    public List<Tick> Ticks { get; set; } = [];

    [Id(1)]
    public bool Fails { get; set; }
}

[GrainType("test.ticker")]
[GeoGrain(Durability.Quorum)]
public sealed class Ticker([PersistentState("ticker", "geo")] IPersistentState<TickerState> ticker, IOptions<GeoOptions> geo) : Grain, ITicker, IRemindable
{
    public Task Register(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task<bool> Unregister(string name)
    {
        if (await this.GetReminder(name) is not { } reminder)
        {
            return false;
        }

        await this.UnregisterReminder(reminder);
        return true;
    }

    public Task FailTicks(bool fail)
    {
        ticker.State.Fails = fail;
        return ticker.WriteStateAsync();
    }

    public Task RegisterInRead(string name) => Register(name, TimeSpan.Zero, TimeSpan.FromHours(1));

    public async Task<string[]> Reminders() => [.. (await this.GetReminders()).Select(static reminder => reminder.ReminderName).Order(StringComparer.Ordinal)];

    public Task<Tick[]> Ticks(string name) => Task.FromResult(ticker.State.Ticks.Where(tick => tick.Name == name).ToArray());

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        ticker.State.Ticks.Add(new(reminderName, status.CurrentTickTime, status.FirstTickTime, status.Period, geo.Value.Region));
        await ticker.WriteStateAsync();
        if (ticker.State.Fails)
        {
            throw new InvalidTimeZoneException("as asked");
        }
    }
}
