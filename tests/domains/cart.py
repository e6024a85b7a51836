"""A shopping cart, for the kit's tests: commands that hold a list, and an event with a past schema.

Whenever a cart is checked out its goods are shipped; the command for it holds a list, which is equal
to another and has no hash.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, TypeAlias, assert_never

from hypothesis import strategies as st
from msgspec import Struct

from deciderkit import Aggregate, Board, Decider, Policy, Projection, Refused, cannot_follow

PRICES = {"pear": Decimal("0.30"), "plum": Decimal("0.25"), "fig": Decimal("1.10")}


class Add(Struct, frozen=True):
    cart: str
    goods: list[str]


class Remove(Struct, frozen=True):
    cart: str
    good: str


class CheckOut(Struct, frozen=True):
    cart: str


class Ship(Struct, frozen=True):
    cart: str
    goods: list[str]


class Added(Struct, frozen=True):
    cart: str
    good: str
    price: Decimal


class Removed(Struct, frozen=True):
    cart: str
    good: str


class CheckedOut(Struct, frozen=True):
    cart: str
    goods: tuple[str, ...]
    total: Decimal


class Shipped(Struct, frozen=True):
    cart: str


class Filling(Struct, frozen=True):
    lines: tuple[tuple[str, Decimal], ...] = ()


class Paid(Struct, frozen=True):
    pass


class Reason(Enum):
    NOT_IN_IT = "not in the cart"
    UNKNOWN = "nothing of that name"
    EMPTY = "the cart is empty"
    PAID = "paid already"
    SHIPPED = "shipped already"


Command: TypeAlias = Add | Remove | CheckOut
Event: TypeAlias = Added | Removed | CheckedOut
State: TypeAlias = Filling | Paid
Refusal: TypeAlias = Refused[Command, Reason]


def decide(command: Command, state: State) -> tuple[Event, ...] | tuple[Refusal]:
    if isinstance(state, Paid):
        return (Refused(command, Reason.PAID),)
    match command:
        case Add(cart, goods):
            if not set(goods) <= set(PRICES):
                return (Refused(command, Reason.UNKNOWN),)
            return tuple(Added(cart, good, PRICES[good]) for good in goods)
        case Remove(cart, good):
            if good not in dict(state.lines):
                return (Refused(command, Reason.NOT_IN_IT),)
            return (Removed(cart, good),)
        case CheckOut(cart):
            if not state.lines:
                return (Refused(command, Reason.EMPTY),)
            names = tuple(good for good, _ in state.lines)
            return (CheckedOut(cart, names, total(state)),)
        case _:
            assert_never(command)


def total(state: Filling) -> Decimal:
    return sum((price for _, price in state.lines), Decimal(0))


def evolve(state: State, event: Event | Refusal) -> State:
    if isinstance(event, Refused):
        return state
    if not isinstance(state, Filling):
        cannot_follow(state, event)
    match event:
        case Added(_, good, price):
            return Filling((*state.lines, (good, price)))
        case Removed(_, good):
            names = [name for name, _ in state.lines]
            if good in names:
                at = names.index(good)
                return Filling(state.lines[:at] + state.lines[at + 1 :])
        case CheckedOut(_, _, amount):
            if state.lines and amount == total(state):
                return Paid()
        case _:
            assert_never(event)
    cannot_follow(state, event)


def is_paid(state: State) -> bool:
    return isinstance(state, Paid)


cart = Decider[Command, Event, State, Reason](Filling(), decide, evolve, is_paid)


def decide_shipment(
    command: Ship, shipped: bool
) -> tuple[Shipped, ...] | tuple[Refused[Ship, Reason]]:
    return (Refused(command, Reason.SHIPPED),) if shipped else (Shipped(command.cart),)


def evolve_shipment(shipped: bool, event: Shipped | Refused[Ship, Reason]) -> bool:
    if isinstance(event, Refused):
        return shipped
    if shipped:
        cannot_follow(shipped, event)
    return True


shipment = Decider[Ship, Shipped, bool, Reason](False, decide_shipment, evolve_shipment, bool)


def ship(event: CheckedOut) -> Ship:
    return Ship(event.cart, list(event.goods))


def add_sale(sold: dict[str, int], event: CheckedOut) -> dict[str, int]:
    return {**sold, **{good: sold.get(good, 0) + event.goods.count(good) for good in event.goods}}


by_cart = attrgetter("cart")
carts = Aggregate("Cart", "cart", cart, by_cart)
shipments = Aggregate("Shipment", "shipment", shipment, by_cart)
ship_goods = Policy("ship goods", CheckedOut, ship, Shipped, by_cart)
sold = Projection[dict[str, int]]("sold", {}, add_sale)
board = Board((carts, shipments), (ship_goods,), (sold,))


def with_a_price(data: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 of `Added` knew no price."""
    return {**data, "price": str(PRICES[data["good"]])}


def commands(name: str = "c1") -> st.SearchStrategy[Command]:
    """Commands for one cart; some ask for what there is not."""
    names, good = st.just(name), st.sampled_from([*PRICES, "kiwi"])
    add = st.builds(Add, names, st.lists(good, max_size=3))
    return st.one_of(add, add, st.builds(Remove, names, good), st.just(CheckOut(name)))


def board_commands() -> st.SearchStrategy[Command]:
    """Commands for two carts."""
    return commands("c1") | commands("c2")
