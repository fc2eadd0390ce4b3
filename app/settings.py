"""One frozen object with every setting; made in ``main`` or ``cli`` and passed inwards.

Each setting can be given as an environment variable ``DATELINE_<NAME>``. Inner rooms never
import this module: they take the values they need as arguments.
"""

import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

_ADDRESS = re.compile(r"https?://[A-Za-z0-9._\[\]:-]+(?:/[A-Za-z0-9._~/-]*)?", re.ASCII)

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where things are and what is allowed; every field has a safe default."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", frozen=True, extra="forbid")

    data_dir: Path = Field(default=ROOT / "data", description="hand-written reference data")
    seeds_dir: Path = Field(
        default=ROOT / "seeds", description="dossiers a fresh database starts with"
    )
    templates_dir: Path = Field(default=ROOT / "templates", description="page templates")
    static_dir: Path = Field(default=ROOT / "static", description="our own scripts and styles")
    var_dir: Path = Field(default=ROOT / "var", description="what set-up builds; safe to delete")
    database_url: str = Field(
        default="", description="SQLAlchemy URL; empty: SQLite at var/dateline.db"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=0, le=65535, description="port to listen on")
    public_url: str = Field(
        default="",
        description="where readers reach the server, as https://example.org; empty: as each asks",
    )
    frame_ancestors: str = Field(default="*", description="CSP frame-ancestors of the embed routes")
    nominatim_url: str = Field(
        default="", description="opt-in geocoder for what the gazetteer lacks"
    )
    nominatim_user_agent: str = Field(default="dateline", description="how Nominatim is addressed")
    tiles_url: str = Field(default="", description="opt-in online tile layer, {z}/{x}/{y} template")
    tiles_credit: str = Field(default="", description="credit line of the online tiles")

    @field_validator("public_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise PydanticCustomError("address", "give an address such as https://example.org")
        return value

    @property
    def reference_dir(self) -> Path:
        """Directory of the files that ``dateline prepare`` builds."""
        return self.var_dir / "reference"

    @property
    def resolved_database_url(self) -> str:
        """The database URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.var_dir / 'dateline.db'}"
