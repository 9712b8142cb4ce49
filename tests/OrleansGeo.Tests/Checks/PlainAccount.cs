using Orleans.Runtime;

namespace OrleansGeo.Tests.Checks;

[GrainType(Type), GeoGrain(Durability.Quorum)]
public sealed class PlainAccount([PersistentState("s", "geo")] IPersistentState<PlainAccountState> state) : KeepsState<PlainAccountState>(state), IPlainAccount
{
    public const string Type = "test.plainaccount";

    protected override void Change()
    {
        State.Field++;
        State.Property = 0;
        State.Items.Add("added");
        State.Credit("Ada", 5);
    }

    /// <summary>A number without its type comes back as another one.</summary>
    protected override void ChangeToUnkept() => State.Note = 5;

    protected override string Show() =>
        $"field {State.Field}, property {State.Property}, items {string.Join('+', State.Items)}, ada {State.Balances.GetValueOrDefault("ada")}, credited {State.LastCredit:yyyy}, entries {State.Entries}, note {State.Note}";
}
