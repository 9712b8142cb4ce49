namespace OrleansGeo.Tests.Samples.Sagas;

/// <summary>A plain grain, so that what an order has reached is durable when it is asked to pass.</summary>
[GrainType("sample.pause")]
public sealed class OrderPause(SagaPause pause) : Grain, IOrderPause
{
    public Task Pass() => pause.PassAsync();
}
