using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

[GrainType(Type), GeoGrain(Durability.Quorum)]
public sealed class DrawingBoard([PersistentState("s", "geo")] IPersistentState<Drawing> state) : KeepsState<Drawing>(state), IDrawingBoard
{
    public const string Type = "test.drawingboard";

    protected override void Change() => (State.Name, State.Shape) = ("one", new Circle { Radius = 2 });

    protected override void ChangeToUnkept() => (State.Name, State.Shape) = ("two", new LiveCircle { Redraw = static () => { } });

    protected override string Show() => $"{State.Name}: {State.Shape?.GetType().Name} {(State.Shape as Circle)?.Radius}";
}
