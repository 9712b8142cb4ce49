using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

public abstract class KeepsState<TState>(IPersistentState<TState> state) : Grain, IKeepsState
{
    protected TState State
    {
        get => state.State;
        set => state.State = value;
    }

    public Task Write()
    {
        Change();
        return state.WriteStateAsync();
    }

    public Task WriteUnkept()
    {
        ChangeToUnkept();
        return state.WriteStateAsync();
    }

    public Task<string> Read() => Task.FromResult(Show());

    public Task<string> Instance() => Task.FromResult(GrainContext.ActivationId.ToString());

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    protected abstract void Change();

    protected abstract void ChangeToUnkept();

    protected abstract string Show();
}
