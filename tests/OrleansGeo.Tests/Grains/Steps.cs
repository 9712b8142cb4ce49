using Orleans.Runtime;
using OrleansGeo.Tests.Worlds;

namespace OrleansGeo.Tests.Grains;

[GrainType("test.steps")]
[GeoGrain(Durability.Quorum)]
public sealed class Steps([PersistentState("steps", "geo")] IPersistentState<LedgerState> steps, CallLog log) : Grain, ISteps, IRemindable
{
    public async Task<int> Append(string text)
    {
        steps.State.Lines.Add(text);
        await steps.WriteStateAsync();
        return steps.State.Lines.Count;
    }

    public async Task<int> AppendThenStop(string text, string barrier)
    {
        var count = await Append(text);
        await Barriers.Of(barrier).PassAsync();
        return count;
    }

    public async Task<string> StopThenDo(string barrier, string text, bool tells, LastStep last)
    {
        if (tells)
        {
            await Append($"{text} told");
            await GrainFactory.GetGrain<IListener>("steps").Tell(text);
        }

        await Barriers.Of(barrier).PassAsync();
        try
        {
            Task step = last == LastStep.Remind ? this.RegisterOrUpdateReminder(text, TimeSpan.FromHours(1), TimeSpan.FromHours(1)) : Append(text);
            await step;
            return "done";
        }
        catch (GeoException exception) when (last == LastStep.WriteAndCatch)
        {
            return $"refused: {exception.Code}";
        }
    }

    public async Task<int> AppendThenActThenStop(string text, FirstEffect effect, string barrier)
    {
        var count = await Append(text);
        switch (effect)
        {
            case FirstEffect.Read:
                await GrainFactory.GetGrain<ISteps>("asked").Read();
                break;
            case FirstEffect.StrongRead:
                using (GeoSession.Begin(new() { Consistency = ReadConsistency.Strong }))
                {
                    await GrainFactory.GetGrain<ISteps>("asked").Read();
                }

                break;
            case FirstEffect.Remind:
                await this.RegisterOrUpdateReminder(text, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect));
        }

        await Barriers.Of(barrier).PassAsync();
        return count;
    }

    public Task AppendLater(string text, string barrier, Outside from)
    {
        switch (from)
        {
            case Outside.EndedRequest:
                _ = AppendAsync();
                break;
            case Outside.TaskRun:
                _ = Task.Run(AppendAsync);
                break;
            case Outside.ThreadingTimer:
                var timer = default(ITimer);
                timer = TimeProvider.System.CreateTimer(_ => AppendAsync().ContinueWith(_ => timer!.Dispose(), TaskScheduler.Default), null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                break;
            case Outside.InterleavedTick:
                this.RegisterGrainTimer(AppendAsync, new() { DueTime = TimeSpan.Zero, Period = Timeout.InfiniteTimeSpan, Interleave = true });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(from));
        }

        return Task.CompletedTask;

        async Task AppendAsync()
        {
            await Barriers.Of(barrier).PassAsync();
            await Append(text);
            log.Calls.Enqueue($"{text} is written");
        }
    }

    public async Task<int> AppendBesideCallBack(string other, string barrier, string text, string back, string backBarrier)
    {
        using (RequestContext.AllowCallChainReentrancy())
        {
            GrainFactory.GetGrain<ISteps>(other).CallBack(this.GetPrimaryKeyString(), back, backBarrier).Ignore();
            await Barriers.Of(barrier).PassAsync();
        }

        return await Append(text);
    }

    public async Task CallBack(string other, string text, string barrier)
    {
        await GrainFactory.GetGrain<ISteps>(other).AppendThenStop(text, barrier);
        log.Calls.Enqueue($"{text} is answered");
    }

    public async IAsyncEnumerable<string> Lines()
    {
        foreach (var line in steps.State.Lines.ToArray())
        {
            await Task.Yield();
            yield return line;
        }
    }

    public Task<string[]> Peek() => Read();

    public Task<string[]> Read() => Task.FromResult(steps.State.Lines.ToArray());

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;
}
