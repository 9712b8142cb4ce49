using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

[GrainType(Type), GeoGrain(Durability.Quorum)]
public sealed class Meter([PersistentState("s", "geo")] IPersistentState<Reading> state) : KeepsState<Reading>(state), IMeter
{
    public const string Type = "test.meter";

    protected override void Change() => State = State with { Value = State.Value + 3 };

    /// <summary>Orleans has no codec for it.</summary>
    protected override void ChangeToUnkept() => State = new(5, new Circle());

    protected override string Show() => $"{State.Value} {State.Extra}";
}
